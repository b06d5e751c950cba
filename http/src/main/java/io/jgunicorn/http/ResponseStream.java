package io.jgunicorn.http;

import io.jgunicorn.http.ResponseHead.Framing;
import io.netty.buffer.ByteBuf;

/**
 * The pieces of a streamed response, framed as its head announces. Application thread only.
 *
 * <p>Framing: the application's Content-Length if there is one; else chunks with upper-case
 * hexadecimal sizes on HTTP/1.1, and the raw bytes up to the end of the connection on HTTP/1.0. No
 * bytes at all for HEAD, 1xx, 204 and 304.
 */
final class ResponseStream {
    private static final int SLICE = OutboundQuota.HIGH_WATER;
    private static final byte[] HEX =
            "0123456789ABCDEF".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final Http1Exchange exchange;
    private final Outbound outbound;
    private final OutboundQuota quota;
    private final boolean bodiless;
    private final boolean chunked;
    private final long announced;
    private final boolean endsWithConnection;
    private final boolean keepAlive;
    private long sent;
    private ResponseHead head;

    ResponseStream(Http1Exchange exchange, Outbound outbound, OutboundQuota quota) {
        this.exchange = exchange;
        this.outbound = outbound;
        this.quota = quota;
        RequestHead request = exchange.request();
        String status = exchange.status();
        boolean noContent = StatusLine.hasNoContent(status);
        this.bodiless =
                noContent || request.method().equals("HEAD") || StatusLine.code(status) == 304;
        this.announced = exchange.headers().contentLength();
        this.chunked = !bodiless && announced < 0 && !request.protocol().equals("HTTP/1.0");
        this.endsWithConnection = !bodiless && announced < 0 && !chunked;
        this.keepAlive = outbound.keepsAlive(exchange.wantsKeepAlive() && !endsWithConnection);
        Framing framing = ResponseHead.AS_GIVEN;
        if (noContent) {
            framing = ResponseHead.BODILESS;
        } else if (chunked) {
            framing = ResponseHead.CHUNKS;
        }
        this.head =
                ResponseHead.of(
                        request.protocol(),
                        status,
                        outbound.dateLine(),
                        keepAlive,
                        framing,
                        exchange.headers());
    }

    /**
     * Sends one piece, waiting between slices of 64 KiB.
     *
     * @return bytes of the body sent so far, all pieces together
     */
    long write(byte[] piece) {
        int length = (int) allowed(piece.length);
        if (length == 0) {
            if (head != null) {
                outbound.send(exchange, withHead(0), quota);
            }
            return sent;
        }
        int position = 0;
        while (position < length) {
            int size = Math.min(SLICE, length - position);
            ByteBuf out = withHead(size + 20);
            if (chunked && position == 0) {
                chunkSize(out, length);
            }
            out.writeBytes(piece, position, size);
            position += size;
            if (chunked && position == length) {
                out.writeByte('\r').writeByte('\n');
            }
            outbound.send(exchange, out, quota);
            if (position < length && !quota.awaitRoom()) {
                break;
            }
        }
        sent += position;
        return sent;
    }

    /**
     * Hands a part of a file to the connection.
     *
     * @return bytes of the body sent so far, all pieces together
     */
    long sendFile(OpenFile file, long offset, long wanted) {
        long length = allowed(file.available(offset, wanted));
        ByteBuf before = withHead(20);
        if (chunked && length > 0) {
            chunkSize(before, length);
        }
        outbound.send(exchange, before, quota);
        if (length > 0) {
            outbound.sendRegion(exchange, file.handOver(offset, length));
            if (chunked) {
                outbound.send(
                        exchange, outbound.buffer(2).writeBytes(new byte[] {'\r', '\n'}), quota);
            }
        }
        sent += length;
        return sent;
    }

    /**
     * True if a client can tell a cut body from a complete one by its framing; otherwise only a
     * reset tells it (RFC 9112 section 8).
     */
    boolean showsItsEnd() {
        return !endsWithConnection;
    }

    /** Ends the body. */
    void finish() {
        ByteBuf out = withHead(5);
        if (chunked) {
            out.writeBytes(new byte[] {'0', '\r', '\n', '\r', '\n'});
        }
        boolean tooShort = !bodiless && announced > sent;
        if (tooShort) {
            outbound.notices().warning(StatusLine.tooShort(sent, announced, exchange.request()));
        }
        outbound.sendLast(exchange, out, keepAlive && !tooShort);
    }

    private long allowed(long length) {
        if (bodiless) {
            if (length > 0) {
                outbound.notices()
                        .debug(StatusLine.droppedBody(exchange.request(), exchange.status()));
            }
            return 0;
        }
        return announced < 0 ? length : Math.min(length, announced - sent);
    }

    private ByteBuf withHead(int more) {
        if (head == null) {
            return outbound.buffer(more);
        }
        ByteBuf out = outbound.buffer(head.size() + more);
        head.writeTo(out);
        head = null;
        return out;
    }

    private static void chunkSize(ByteBuf out, long size) {
        int shift = 60 - Long.numberOfLeadingZeros(size) / 4 * 4;
        for (; shift >= 0; shift -= 4) {
            out.writeByte(HEX[(int) (size >>> shift) & 15]);
        }
        out.writeByte('\r').writeByte('\n');
    }
}
