package io.jgunicorn.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One client connection on which the test decides every byte. For one thread at a time. Text is ISO
 * 8859-1, one character a byte. Every wait ends with the deadline given at connect.
 */
public final class RawHttp implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final SocketChannel channel;
    private final Selector selector;
    private final Duration deadline;
    private final ByteBuffer received = ByteBuffer.allocate(64 * 1024).flip();

    private RawHttp(SocketChannel channel, Selector selector, Duration deadline) {
        this.channel = channel;
        this.selector = selector;
        this.deadline = deadline;
    }

    public static RawHttp connect(SocketAddress address) throws IOException {
        return connect(address, PATIENCE);
    }

    public static RawHttp connect(SocketAddress address, Duration deadline) throws IOException {
        SocketChannel channel =
                address instanceof UnixDomainSocketAddress
                        ? SocketChannel.open(StandardProtocolFamily.UNIX)
                        : SocketChannel.open();
        try {
            channel.connect(address);
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            return new RawHttp(channel, selector, deadline);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Sends these bytes and nothing else. */
    public RawHttp send(String bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
        while (out.hasRemaining()) {
            if (channel.write(out) == 0) {
                await(SelectionKey.OP_WRITE, "the server to read more");
            }
        }
        return this;
    }

    /** Says that nothing more will be sent. */
    public void finishSending() throws IOException {
        channel.shutdownOutput();
    }

    /** A GET on this connection. */
    public Response get(String target) throws IOException {
        return request("GET", target, "");
    }

    /** A request on this connection; a body, unless empty, is sent with its Content-Length. */
    public Response request(String method, String target, String body, String... headerLines)
            throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: test\r\n");
        for (String line : headerLines) {
            text.append(line).append("\r\n");
        }
        if (!body.isEmpty()) {
            text.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        send(text.append("\r\n").append(body).toString());
        return method.equals("HEAD") ? readHead() : read();
    }

    /** The next response with its body; a 1xx response is one of its own. */
    public Response read() throws IOException {
        Response head = readHead();
        if (head.hasNoBody()) {
            return head;
        }
        if (head.isChunked()) {
            StringBuilder body = new StringBuilder();
            for (Optional<String> chunk = readChunk(); chunk.isPresent(); chunk = readChunk()) {
                body.append(chunk.get());
            }
            return head.withBody(body.toString());
        }
        Optional<String> length = head.header("Content-Length");
        return head.withBody(
                length.isPresent() ? readBytes(Integer.parseInt(length.get())) : readToEnd());
    }

    /** Status line and headers only: all there is after a HEAD, and before streamed pieces. */
    public Response readHead() throws IOException {
        String[] status = readLine().split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/")) {
            throw new IOException("no status line: " + String.join(" ", status));
        }
        List<Response.Header> headers = new ArrayList<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("no header line: " + line);
            }
            headers.add(
                    new Response.Header(
                            line.substring(0, colon), line.substring(colon + 1).trim()));
        }
        return new Response(
                status[0],
                Integer.parseInt(status[1]),
                status.length == 3 ? status[2] : "",
                headers,
                "");
    }

    /** The next chunk of a chunked body; empty after the last one, whose trailers are skipped. */
    public Optional<String> readChunk() throws IOException {
        int size = Integer.parseInt(readLine().split(";", 2)[0].trim(), 16);
        if (size == 0) {
            String trailer = readLine();
            while (!trailer.isEmpty()) {
                trailer = readLine();
            }
            return Optional.empty();
        }
        String chunk = readBytes(size);
        if (!readLine().isEmpty()) {
            throw new IOException("no line end after a chunk of " + size + " bytes");
        }
        return Optional.of(chunk);
    }

    /** Exactly this many bytes. */
    public String readBytes(int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(count);
        while (bytes.size() < count) {
            if (!received.hasRemaining() && !fill()) {
                throw new EOFException(
                        "connection closed after " + bytes.size() + " of " + count + " bytes");
            }
            int step = Math.min(received.remaining(), count - bytes.size());
            bytes.write(received.array(), received.position(), step);
            received.position(received.position() + step);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** Everything until the server closes the connection. */
    public String readToEnd() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (received.hasRemaining() || fill()) {
            bytes.write(received.array(), received.position(), received.remaining());
            received.position(received.limit());
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (!received.hasRemaining() && !fill()) {
                throw new EOFException(
                        line.size() == 0
                                ? "connection closed by the server before a line"
                                : "connection closed within the line: " + line);
            }
            byte next = received.get();
            if (next == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(next);
        }
    }

    /** Waits for bytes; false at the end of the stream. */
    private boolean fill() throws IOException {
        received.clear();
        try {
            while (true) {
                int count = channel.read(received);
                if (count != 0) {
                    return count > 0;
                }
                await(SelectionKey.OP_READ, "bytes from the server");
            }
        } finally {
            received.flip();
        }
    }

    private void await(int operation, String what) throws IOException {
        key().interestOps(operation);
        selector.selectedKeys().clear();
        if (selector.select(deadline.toMillis()) == 0) {
            throw new SocketTimeoutException(
                    Thread.currentThread().isInterrupted()
                            ? "interrupted while waiting for " + what
                            : "waited " + Await.seconds(deadline) + " for " + what);
        }
    }

    /** Breaks the connection off (RST), as a client does that has been killed or given up. */
    public void reset() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        close();
    }

    private SelectionKey key() {
        return channel.keyFor(selector);
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            key().cancel();
            selector.close();
            channel.close();
        }
    }
}
