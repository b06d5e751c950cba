package io.jgunicorn.log;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Sends log lines to syslog as gunicorn does: {@code <PRIORITY>gunicorn.PREFIX.error: [PID] text}
 * and a NUL byte. A thread of its own connects and sends; nobody else waits, and what cannot be
 * sent is lost: that is told once, until it works again. Safe on any thread.
 */
public final class Syslog implements LogEcho {
    private static final LogQueue.Bounds BOUNDS = LogQueue.Bounds.of(8192, 4L << 20, Duration.ZERO);
    private static final int CONNECT_MILLIS = 2000;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /** No datagram can be longer (RFC 768, less the headers of IPv4). */
    private static final int LONGEST = 65507;

    private static final int INFO_SEVERITY = 6;

    /** One way to syslog; used by the queue's thread only. */
    private interface Way extends AutoCloseable {
        void send(byte[] message) throws IOException;

        @Override
        void close() throws IOException;
    }

    private final SyslogAddress address;
    private final int facility;
    private final String prefix;
    private final Consumer<String> warnings;
    private final LogQueue<byte[]> queue;
    private final long pid = ProcessHandle.current().pid();

    /** Of the queue's thread, until that is stuck in it. */
    private volatile Optional<Way> way = Optional.empty();

    // Of the queue's thread.
    private boolean warned;

    /**
     * @param facility its code
     * @param prefix in the name of each line, between {@code gunicorn.} and {@code .error}
     * @param warnings told what is wrong, on the sending thread
     */
    public Syslog(SyslogAddress address, int facility, String prefix, Consumer<String> warnings) {
        this.address = address;
        this.facility = facility;
        this.prefix = prefix;
        this.warnings = warnings;
        this.queue =
                LogQueue.started(
                        "jgunicorn-syslog",
                        BOUNDS,
                        new LogQueue.Sink<>() {
                            @Override
                            public void write(List<byte[]> batch) {
                                batch.forEach(Syslog.this::send);
                            }

                            @Override
                            public void dropped(long count) {
                                warnings.accept(count + " lines for syslog were dropped");
                            }

                            @Override
                            public void ended() {
                                closeWay();
                            }
                        });
    }

    @Override
    public void logged(LogLevel level, String message) {
        hand(severity(level), "error", message);
    }

    /** A line of the access log. */
    public void access(String line) {
        hand(INFO_SEVERITY, "access", line);
    }

    private void hand(int severity, String log, String text) {
        byte[] message =
                "<%d>gunicorn.%s.%s: [%d] %s\0"
                        .formatted(facility * 8 + severity, prefix, log, pid, text)
                        .getBytes(StandardCharsets.UTF_8);
        queue.offer(message, message.length, false);
    }

    /** RFC 5424 section 6.2.1. */
    private static int severity(LogLevel level) {
        return switch (level) {
            case DEBUG -> 7;
            case INFO -> INFO_SEVERITY;
            case WARNING -> 4;
            case ERROR -> 3;
            case CRITICAL -> 2;
        };
    }

    private void send(byte[] message) {
        try {
            try {
                open().send(message);
            } catch (IOException _) {
                closeWay(); // syslog may have been started anew
                open().send(message);
            }
            warned = false;
        } catch (IOException e) {
            closeWay();
            if (!warned) {
                warned = true;
                warnings.accept("Can't send to syslog at " + shown() + ": " + e.getMessage());
            }
        }
    }

    private String shown() {
        return switch (address) {
            case SyslogAddress.Udp(String host, int port) -> "udp://" + host + ":" + port;
            case SyslogAddress.Tcp(String host, int port) -> "tcp://" + host + ":" + port;
            case SyslogAddress.Unix(String path, var _) -> "unix://" + path;
        };
    }

    private Way open() throws IOException {
        if (way.isEmpty()) {
            way =
                    Optional.of(
                            switch (address) {
                                case SyslogAddress.Udp(String host, int port) ->
                                        new InDatagrams(Datagrams.udp(host, port));
                                case SyslogAddress.Tcp(String host, int port) -> tcp(host, port);
                                case SyslogAddress.Unix(String path, Optional<Boolean> stream) ->
                                        unix(path, stream);
                            });
        }
        return way.get();
    }

    private static Way tcp(String host, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            OutputStream out = socket.getOutputStream();
            return new Way() {
                @Override
                public void send(byte[] message) throws IOException {
                    out.write(message);
                }

                @Override
                public void close() throws IOException {
                    socket.close();
                }
            };
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Way unix(String path, Optional<Boolean> stream) throws IOException {
        if (!stream.orElse(false)) {
            InDatagrams datagrams = new InDatagrams(Datagrams.unix(path));
            if (stream.isPresent() || takesDatagrams(datagrams)) {
                return datagrams;
            }
            datagrams.close();
        }
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        return new Way() {
            @Override
            public void send(byte[] message) throws IOException {
                ByteBuffer bytes = ByteBuffer.wrap(message);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /** An empty datagram finds out; syslog ignores it. */
    private static boolean takesDatagrams(InDatagrams datagrams) {
        try {
            datagrams.send(new byte[0]);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private record InDatagrams(Datagrams datagrams) implements Way {
        @Override
        public void send(byte[] message) throws IOException {
            datagrams.send(message.length <= LONGEST ? message : Arrays.copyOf(message, LONGEST));
        }

        @Override
        public void close() {
            datagrams.close();
        }
    }

    private void closeWay() {
        Optional<Way> open = way;
        way = Optional.empty();
        try {
            if (open.isPresent()) {
                open.get().close();
            }
        } catch (IOException _) {
            return; // what was sent before has gone or is lost
        }
    }

    /** Sends what waits, for a second at most. */
    @Override
    public void close() {
        if (queue.close(LAST_WORDS).count() > 0) {
            closeWay(); // which frees the thread, if it waits in there
        }
    }
}
