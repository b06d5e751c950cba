package io.jgunicorn.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Builds the head of a response in gunicorn's order: status line with the request's version,
 * Server, Date, Connection, framing, then the application's fields with their case. One array, no
 * text in between. Used by one thread.
 */
final class ResponseHead {
    /** Set by the master where a configuration assigns gunicorn.SERVER; empty for no such field. */
    private static final String NAME_VARIABLE = "JGUNICORN_SERVER";

    private static final byte[] SERVER = serverLine(System.getenv(NAME_VARIABLE));
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] LENGTH = ascii("Content-Length: ");
    private static final byte[] SEPARATOR = ascii(": ");
    private static final byte[] CRLF = ascii("\r\n");

    /** How the end of the body is told, RFC 9112 section 6. */
    sealed interface Framing {
        /** The application's own Content-Length, or nothing at all (HEAD, 304, close). */
        record AsGiven() implements Framing {}

        /** No body and no Content-Length: 1xx and 204. */
        record Bodiless() implements Framing {}

        record Chunked() implements Framing {}

        /** A length in bytes that the server found out. */
        record Length(long bytes) implements Framing {}
    }

    static final Framing AS_GIVEN = new Framing.AsGiven();
    static final Framing BODILESS = new Framing.Bodiless();
    static final Framing CHUNKS = new Framing.Chunked();

    private final byte[] bytes;
    private int size;

    private ResponseHead(String status, ResponseHeaders headers) {
        int bound = 200 + SERVER.length + status.length();
        for (int i = 0; i < headers.fields().size(); i++) {
            ResponseHeaders.Field field = headers.fields().get(i);
            bound += field.name().length() + field.value().length() + 4;
        }
        bytes = new byte[bound];
    }

    /**
     * A final response's head.
     *
     * @param protocol of the request, for example {@code HTTP/1.1}
     * @param status code and reason, latin-1 without control characters
     * @param dateLine from {@link ServerClock#dateLine}
     */
    static ResponseHead of(
            String protocol,
            String status,
            byte[] dateLine,
            boolean keepAlive,
            Framing framing,
            ResponseHeaders headers) {
        ResponseHead head = new ResponseHead(status, headers);
        head.text(protocol);
        head.bytes[head.size++] = ' ';
        head.text(status);
        head.raw(SERVER);
        head.raw(dateLine);
        head.raw(keepAlive ? KEEP_ALIVE : CLOSE);
        switch (framing) {
            case Framing.AsGiven _, Framing.Bodiless _ -> {}
            case Framing.Chunked _ -> head.raw(CHUNKED);
            case Framing.Length(long length) -> {
                head.raw(LENGTH);
                head.text(Long.toString(length));
                head.raw(CRLF);
            }
        }
        head.fields(headers, framing instanceof Framing.Bodiless);
        return head;
    }

    /** An interim response, RFC 9110 section 15.2. */
    static ResponseHead interim(String status, ResponseHeaders headers) {
        ResponseHead head = new ResponseHead(status, headers);
        head.text("HTTP/1.1 ");
        head.text(status);
        head.raw(CRLF);
        head.fields(headers, true);
        return head;
    }

    private void fields(ResponseHeaders headers, boolean withoutLength) {
        for (int i = 0; i < headers.fields().size(); i++) {
            ResponseHeaders.Field field = headers.fields().get(i);
            if (!withoutLength || !ResponseHeaders.isContentLength(field.name())) {
                text(field.name());
                raw(SEPARATOR);
                text(field.value());
                raw(CRLF);
            }
        }
        raw(CRLF);
    }

    int size() {
        return size;
    }

    void writeTo(ByteBuf out) {
        out.writeBytes(bytes, 0, size);
    }

    @SuppressWarnings("deprecation") // copies the low bytes: latin-1 without an encoder
    private void text(String text) {
        int length = text.length();
        text.getBytes(0, length, bytes, size);
        size += length;
    }

    private void raw(byte[] more) {
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    /** Ends the status line too. What could not stand in a field is left out of the name. */
    static byte[] serverLine(String name) {
        String shown = name == null ? "jgunicorn" : name.replaceAll("[^\\x20-\\x7e]", "").strip();
        return ascii(shown.isEmpty() ? "\r\n" : "\r\nServer: " + shown + "\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
