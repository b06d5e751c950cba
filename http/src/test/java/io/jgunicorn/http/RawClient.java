package io.jgunicorn.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that sends and receives exactly the bytes a test says. Latin-1 throughout. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    /** One response: the head with its line ends, and the body without its framing. */
    record Response(String head, String body) {
        String statusLine() {
            return head.substring(0, head.indexOf("\r\n"));
        }
    }

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static RawClient connect(int port) throws IOException {
        return connect(port, 0);
    }

    /**
     * @param receiveBuffer bytes; 0 leaves the system's choice
     */
    static RawClient connect(int port, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new RawClient(socket);
    }

    RawClient send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Bytes up to and including the first {@code end}. */
    String readUntil(String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith(end)) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("closed after: " + text);
            }
            text.append((char) b);
        }
        return text.toString();
    }

    String read(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new IOException("closed after " + bytes.length + " of " + count + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Everything until the server closes. */
    String readAll() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** One response, by Content-Length or chunks; without either it has no body. */
    Response response() throws IOException {
        String head = readUntil("\r\n\r\n");
        int length = head.indexOf("Content-Length: ");
        if (length >= 0) {
            int end = head.indexOf("\r\n", length);
            return new Response(
                    head, read(Integer.parseInt(head.substring(length + 16, end).trim())));
        }
        if (head.contains("Transfer-Encoding: chunked")) {
            return new Response(head, chunks());
        }
        return new Response(head, "");
    }

    private String chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(readUntil("\r\n").trim(), 16);
            body.write(read(size).getBytes(StandardCharsets.ISO_8859_1));
            readUntil("\r\n");
            if (size == 0) {
                return body.toString(StandardCharsets.ISO_8859_1);
            }
        }
    }

    /** Sends FIN: nothing more will be asked. */
    void finishSending() throws IOException {
        socket.shutdownOutput();
    }

    /** True if the server has closed too and nothing is left to read. */
    boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }

    /** Closes so that the server sees a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
