package io.jgunicorn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.os.Descriptors;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who takes a connection when several processes could. */
@Timeout(30)
class AcceptorTest {
    @TempDir private Path folder;

    /** Another process, whose number of connections the test decides. */
    private static final class Other implements Neighbours {
        private volatile int fewest;
        private volatile int published = -1;
        private final AtomicInteger looks = new AtomicInteger();

        Other(int fewest) {
            this.fewest = fewest;
        }

        @Override
        public void publish(int connections) {
            published = connections;
        }

        @Override
        public void withdraw() {
            published = -1;
        }

        @Override
        public int fewest() {
            looks.incrementAndGet();
            return fewest;
        }

        @Override
        public int total() {
            return fewest;
        }

        @Override
        public void publishLively(int connections) {}

        @Override
        public Lively lively() {
            return new Lively(0, 0);
        }
    }

    private HttpServer server(Transport transport, Neighbours neighbours) {
        return new HttpServer(
                TestConfig.spoolingTo(folder).build(),
                Replies.onOwnThread(exchange -> Replies.ok(exchange, "served")),
                transport,
                neighbours);
    }

    private static int listen(HttpServer server) {
        int port = bound(server);
        server.serve();
        return port;
    }

    private static int bound(HttpServer server) {
        BindAddress bound =
                server.listen(ListeningSockets.tcp(), new BindAddress.Tcp("127.0.0.1", 0));
        return ((BindAddress.Tcp) bound).port();
    }

    private static void request(RawClient client) throws Exception {
        assertThat(client.send("GET / HTTP/1.1\r\n\r\n").response().body()).isEqualTo("served");
    }

    @Test
    void connectionIsTakenFromAProcessThatDoesNotMove() throws Exception {
        Other stuck = new Other(-1);
        try (Transport transport = Transport.open();
                HttpServer server = server(transport, stuck);
                RawClient client = RawClient.connect(listen(server))) {
            request(client);
            assertThat(stuck.looks.get()).isGreaterThan(1);
        }
    }

    @Test
    void connectionIsTakenAtOnceByWhoHasNotMore() throws Exception {
        Other equal = new Other(1);
        try (Transport transport = Transport.open();
                HttpServer server = server(transport, equal)) {
            int port = listen(server);
            assertThat(equal.published).isZero();
            try (RawClient first = RawClient.connect(port);
                    RawClient second = RawClient.connect(port)) {
                request(first);
                request(second);
                assertThat(equal.looks.get()).isEqualTo(2);
                assertThat(equal.published).isEqualTo(2);
            }
            server.drain();
            server.closeNow();
            assertThat(equal.published).isEqualTo(-1);
        }
    }

    @Test
    void everyListenerStopsWhenTheLastPlaceIsTaken() throws Exception {
        HttpServerConfig onePlace = TestConfig.spoolingTo(folder).maxConnections(1).build();
        CompletableFuture<HttpServer> self = new CompletableFuture<>();
        RequestHandler handler =
                Replies.onOwnThread(e -> Replies.ok(e, "open: " + self.join().openConnections()));
        try (Transport transport = Transport.open();
                HttpServer server = new HttpServer(onePlace, handler, transport, Neighbours.NONE)) {
            self.complete(server);
            int[] ports = {bound(server), bound(server)};
            try (RawClient one = RawClient.connect(ports[0]);
                    RawClient two = RawClient.connect(ports[1])) {
                one.send("GET / HTTP/1.1\r\n\r\n");
                two.send("GET / HTTP/1.1\r\n\r\n");
                server.serve(); // both can be accepted in the same turn of the event loop
                assertThat(one.readAll()).endsWith("open: 1");
                one.reset();
                assertThat(two.readAll()).endsWith("open: 1");
            }
        }
    }

    @Test
    void clientsLeaveDescriptorsThatSelectCanUseToTheApplication() {
        int first = Descriptors.memfdCreate("client");
        assertThat(Acceptor.moved(first)).isEqualTo(first).isLessThan(512);

        int middle = Descriptors.duplicateAbove(first, 600);
        assertThat(middle).isLessThan(1024);
        int high = Acceptor.moved(middle);
        assertThat(high).isGreaterThanOrEqualTo(1024);
        assertThat(Acceptor.moved(high)).isEqualTo(high);

        Descriptors.close(first);
        Descriptors.close(high);
        assertThatThrownBy(() -> Descriptors.close(middle))
                .hasMessageContaining("Bad file descriptor");
    }

    @Test
    void connectionsThatCloseSoonAreNotCompared() throws Exception {
        Other idle = new Other(Integer.MAX_VALUE);
        try (Transport transport = Transport.open();
                HttpServer server = server(transport, idle)) {
            int port = listen(server);
            try (RawClient kept = RawClient.connect(port)) {
                request(kept);
                while (lasting(server) > 0) { // until the rate of closes has been seen
                    for (int i = 0; i < 100; i++) {
                        close(port);
                    }
                }
                idle.fewest = 0;
                int before = idle.looks.get();
                close(port);
                assertThat(idle.looks.get() - before).isEqualTo(1);
            }
        }
    }

    private static void close(int port) throws Exception {
        try (RawClient client = RawClient.connect(port)) {
            client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").readAll();
        }
    }

    private static int lasting(HttpServer server) {
        CompletableFuture<Integer> lasting = new CompletableFuture<>();
        server.execute(() -> lasting.complete(server.lastingConnections()));
        return lasting.join();
    }
}
