package io.jgunicorn.http;

import io.jgunicorn.config.BindAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
            String line = lines.poll(10, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("no warning within 10 s");
            }
            return line;
        }
    }

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

    static TestServer start(RequestHandler handler) {
        return start(UnaryOperator.identity(), handler);
    }

    /** With a folder of the system's for large bodies. */
    static TestServer start(UnaryOperator<TestConfig> settings, RequestHandler handler) {
        return start(settings, handler, ServerClock.system());
    }

    /** With a clock that the test moves, see {@link #checkTimes}. */
    static TestServer startAt(LongSupplier nanos, RequestHandler handler) {
        return startAt(nanos, UnaryOperator.identity(), handler);
    }

    static TestServer startAt(
            LongSupplier nanos, UnaryOperator<TestConfig> settings, RequestHandler handler) {
        return start(settings, handler, new ServerClock(Clock.systemUTC(), nanos));
    }

    private static TestServer start(
            UnaryOperator<TestConfig> settings, RequestHandler handler, ServerClock clock) {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        TestConfig config = settings.apply(TestConfig.spoolingTo(folder));
        return new TestServer(Transport.open(), config.build(), handler, clock);
    }

    /** Looks for connections whose time is up, as the server does by itself now and then. */
    void checkTimes() {
        CompletableFuture<Void> checked = new CompletableFuture<>();
        server.execute(
                () -> {
                    server.checkTimes();
                    checked.complete(null);
                });
        checked.orTimeout(10, TimeUnit.SECONDS).join();
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
