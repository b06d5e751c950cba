package io.jgunicorn.http;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.ServerConfig.ClientLimits;
import io.jgunicorn.config.ServerConfig.Forwarding;
import io.jgunicorn.config.ServerConfig.ProxyProtocol;
import io.jgunicorn.config.ServerConfig.RequestLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** A server on a port of its own, with a handler given by the test. */
final class TestServer implements AutoCloseable {
    private final Transport transport;
    private final HttpServer server;
    private final BindAddress.Tcp address;

    /** Warnings in order of arrival. */
    static final class Warnings implements HttpNotices {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        @Override
        public void warning(String message) {
            lines.add(message);
        }

        @Override
        public void debug(String message) {}

        String next() throws InterruptedException {
            String line = lines.poll(10, java.util.concurrent.TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("no warning within 10 s");
            }
            return line;
        }
    }

    /** The defaults. */
    static final ClientLimits CLIENTS =
            new ClientLimits(
                    0, Duration.ofMinutes(1), Duration.ofMinutes(1), 0, Duration.ofMinutes(1), 0);

    private TestServer(
            Transport transport,
            HttpServerConfig config,
            RequestHandler handler,
            ServerClock clock) {
        this.transport = transport;
        this.server = new HttpServer(config, handler, transport, Neighbours.NONE, clock);
        this.address =
                (BindAddress.Tcp)
                        server.listen(ListeningSockets.tcp(), new BindAddress.Tcp("127.0.0.1", 0));
        server.serve();
    }

    static HttpServerConfig config(Path folder, HttpNotices notices) {
        return new HttpServerConfig(
                new RequestLimits(4094, 100, 8190),
                CLIENTS,
                Duration.ofSeconds(30),
                folder,
                1000,
                new Forwarding(
                        List.of("127.0.0.1", "::1"),
                        Map.of("X-FORWARDED-PROTO", "https"),
                        List.of("SCRIPT_NAME"),
                        "drop"),
                new ProxyProtocol("off", List.of()),
                Optional.empty(),
                notices);
    }

    static TestServer start(RequestHandler handler) {
        return start(UnaryOperator.identity(), handler);
    }

    static TestServer start(UnaryOperator<HttpServerConfig> change, RequestHandler handler) {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        return new TestServer(
                Transport.open(),
                change.apply(config(folder, HttpNotices.silent())),
                handler,
                ServerClock.system());
    }

    /** With keep-alive 30 s and a clock that the test moves. */
    static TestServer startAt(LongSupplier nanos, RequestHandler handler) {
        return startAt(nanos, CLIENTS, handler);
    }

    static TestServer startAt(LongSupplier nanos, ClientLimits clients, RequestHandler handler) {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        HttpServerConfig c = config(folder, HttpNotices.silent());
        return new TestServer(
                Transport.open(),
                new HttpServerConfig(
                        c.limits(),
                        clients,
                        c.keepAlive(),
                        c.uploadFolder(),
                        c.maxConnections(),
                        c.forwarding(),
                        c.proxyProtocol(),
                        c.accessLog(),
                        c.notices()),
                handler,
                new ServerClock(Clock.systemUTC(), nanos));
    }

    HttpServer server() {
        return server;
    }

    SocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), address.port());
    }

    int port() {
        return address.port();
    }

    RawClient client() throws IOException {
        return RawClient.connect(address.port());
    }

    @Override
    public void close() {
        server.close();
        transport.close();
    }
}
