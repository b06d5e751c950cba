package io.jgunicorn.http;

import static io.jgunicorn.http.RefusedRequestException.headersTooLarge;

import io.netty.buffer.ByteBuf;

/**
 * Looks at the bytes of a request's head before Netty's decoder does, line by line as they arrive,
 * because that decoder forgives what must be refused (folding, blanks and control bytes as
 * separators, leading empty lines) and knows no limit per line. Event loop only.
 */
final class HeadScanner {
    private final HeadLimits limits;
    private final boolean dropsUnderscores;
    private byte[] scratch = new byte[512];

    private int scanned;
    private int lineStart;
    private int headersStart;
    private int fields;

    /**
     * @param dropsUnderscores fields with an underscore in their name are dropped later and do not
     *     count, as in gunicorn
     */
    HeadScanner(HeadLimits limits, boolean dropsUnderscores) {
        this.limits = limits;
        this.dropsUnderscores = dropsUnderscores;
    }

    /**
     * True once a whole acceptable head is there; consumes nothing.
     *
     * @throws RefusedRequestException as soon as the bytes cannot become an acceptable head
     */
    boolean complete(ByteBuf in) {
        int base = in.readerIndex();
        int readable = in.readableBytes();
        while (true) {
            int found = in.indexOf(base + scanned, base + readable, (byte) '\n');
            if (found < 0) {
                scanned = readable;
                checkLength(readable - lineStart, false);
                return false;
            }
            int end = found - base;
            int length = end - lineStart + 1;
            if (length < 2 || in.getByte(found - 1) != '\r') {
                checkLength(length, true);
                line(in, base + lineStart, length - 1);
                throw RefusedRequestException.badRequest("Invalid line end");
            }
            checkLength(length, true);
            boolean last = line(in, base + lineStart, length - 2);
            lineStart = end + 1;
            scanned = lineStart;
            if (last) {
                reset();
                return true;
            }
        }
    }

    private boolean line(ByteBuf in, int index, int length) {
        if (length > scratch.length) {
            scratch = new byte[Math.max(length, scratch.length * 2)];
        }
        in.getBytes(index, scratch, 0, length);
        if (lineStart == 0) {
            RequestChecks.requestLine(scratch, 0, length);
            headersStart = length + 2;
            return false;
        }
        if (length == 0) {
            return true;
        }
        int name = RequestChecks.fieldLine(scratch, 0, length);
        if (!dropsUnderscores || !hasUnderscore(name)) {
            fields++;
        }
        if (fields > limits.fields()) {
            throw headersTooLarge("limit request headers fields");
        }
        return false;
    }

    private boolean hasUnderscore(int length) {
        for (int i = 0; i < length; i++) {
            if (scratch[i] == '_') {
                return true;
            }
        }
        return false;
    }

    /**
     * @param length bytes of the current line so far
     * @param ended true if they include its end
     */
    private void checkLength(int length, boolean ended) {
        if (lineStart == 0) {
            int line = ended ? length - 2 : length;
            if (line > limits.line() + (ended ? 0 : 2)) {
                throw RefusedRequestException.badRequest(
                        "Request Line is too large (" + line + " > " + limits.line() + ")");
            }
            return;
        }
        if (length > limits.fieldSize()) {
            throw headersTooLarge("limit request headers fields size");
        }
        if (lineStart + length - headersStart > limits.block()) {
            throw headersTooLarge("max buffer headers");
        }
    }

    private void reset() {
        scanned = 0;
        lineStart = 0;
        headersStart = 0;
        fields = 0;
    }
}
