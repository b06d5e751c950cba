package io.jgunicorn.bench.server;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Single requests to a server on this machine, over plain sockets. */
public final class HttpProbe {
    private static final int LONGEST_HEAD = 16 * 1024;

    private HttpProbe() {}

    /**
     * The head of an answer.
     *
     * @param status the status code
     * @param head status line and header lines, without the line ends
     */
    public record Answer(int status, List<String> head) {}

    /**
     * A GET on a connection of its own; the body is not read.
     *
     * @param limit how long to wait for each byte
     * @throws IOException if no answer comes, or it is not HTTP
     */
    public static Answer get(int port, String path, Duration limit) throws IOException {
        try (Socket socket = connect(port, limit)) {
            send(socket, path);
            return readHead(socket.getInputStream());
        }
    }

    /**
     * Opens kept-alive connections, sends a request on each, and counts those that are answered
     * while the others stay open: some servers give each connection a process until it closes.
     *
     * @param limit how long to wait for one answer
     * @return 0 to {@code connections}
     */
    public static int countServed(int port, String path, int connections, Duration limit) {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                Socket socket = connect(port, limit);
                sockets.add(socket);
                send(socket, path);
            }
        } catch (IOException _) {
            // Those that could not even connect are not served; count the others.
        }
        long deadline = System.nanoTime() + limit.toNanos();
        int served = (int) sockets.stream().filter(socket -> isServed(socket, deadline)).count();
        sockets.forEach(HttpProbe::close);
        return served;
    }

    private static boolean isServed(Socket socket, long deadline) {
        try {
            socket.setSoTimeout((int) Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            readHead(socket.getInputStream());
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // Nothing more is wanted of it.
        }
    }

    private static Socket connect(int port, Duration limit) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout((int) limit.toMillis());
        socket.connect(
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
                (int) limit.toMillis());
        return socket;
    }

    private static void send(Socket socket, String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    private static Answer readHead(InputStream input) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < LONGEST_HEAD) {
            int next = input.read();
            if (next < 0) {
                throw new EOFException("the connection was closed after: " + head);
            }
            head.append((char) next);
            if (next == '\n' && head.toString().endsWith("\r\n\r\n")) {
                return parse(head.toString());
            }
        }
        throw new IOException("no end of the header lines");
    }

    static Answer parse(String head) throws IOException {
        List<String> lines = head.strip().lines().toList();
        String[] words = lines.getFirst().split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("\\d{3}")) {
            throw new IOException("not an HTTP answer: " + lines.getFirst());
        }
        return new Answer(Integer.parseInt(words[1]), lines);
    }
}
