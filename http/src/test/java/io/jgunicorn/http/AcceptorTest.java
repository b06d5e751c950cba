package io.jgunicorn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.os.LibC;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who takes a connection when several processes could. */
@Timeout(30)
class AcceptorTest {
    @TempDir private Path folder;

    /** Another process, whose number of connections the test decides. */
    private static final class Other implements Neighbours {
        private final CountDownLatch asked;
        private final IntSupplier fewest;
        private volatile int published = -1;

        Other(int looks, IntSupplier fewest) {
            this.asked = new CountDownLatch(looks);
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
            asked.countDown();
            return fewest.getAsInt();
        }
    }

    private HttpServer server(Transport transport, Neighbours neighbours) {
        return new HttpServer(
                TestServer.config(folder, HttpNotices.silent()),
                Replies.onOwnThread(exchange -> Replies.ok(exchange, "served")),
                transport,
                neighbours);
    }

    private static int listen(HttpServer server) {
        BindAddress bound =
                server.listen(ListeningSockets.tcp(), new BindAddress.Tcp("127.0.0.1", 0));
        server.serve();
        return ((BindAddress.Tcp) bound).port();
    }

    private static void request(RawClient client) throws Exception {
        assertThat(client.send("GET / HTTP/1.1\r\n\r\n").response().body()).isEqualTo("served");
    }

    @Test
    void connectionIsLeftToAProcessWithFewerAsLongAsThatMoves() throws Exception {
        int[] count = {0};
        Other busy = new Other(4 * Acceptor.PATIENCE, () -> count[0]++ % 2 - 2);
        try (Transport transport = Transport.open();
                HttpServer server = server(transport, busy);
                RawClient _ = RawClient.connect(listen(server))) {
            assertThat(busy.asked.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(server.openConnections()).isZero();
        }
    }

    @Test
    void connectionIsTakenFromAProcessThatDoesNotMove() throws Exception {
        Other stuck = new Other(Acceptor.PATIENCE + 1, () -> -1);
        try (Transport transport = Transport.open();
                HttpServer server = server(transport, stuck);
                RawClient client = RawClient.connect(listen(server))) {
            request(client);
            assertThat(stuck.asked.await(0, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void connectionIsTakenAtOnceByWhoHasNotMore() throws Exception {
        Other equal = new Other(1, () -> 1);
        try (Transport transport = Transport.open();
                HttpServer server = server(transport, equal)) {
            int port = listen(server);
            assertThat(equal.published).isZero();
            try (RawClient first = RawClient.connect(port);
                    RawClient second = RawClient.connect(port)) {
                request(first);
                request(second);
                assertThat(equal.published).isEqualTo(2);
            }
            server.drain();
            server.closeNow();
            assertThat(equal.published).isEqualTo(-1);
        }
    }

    @Test
    void clientsLeaveDescriptorsThatSelectCanUseToTheApplication() {
        int first = LibC.memfdCreate("client");
        assertThat(Acceptor.moved(first)).isEqualTo(first).isLessThan(512);

        int middle = LibC.duplicateAbove(first, 600);
        assertThat(middle).isLessThan(1024);
        int high = Acceptor.moved(middle);
        assertThat(high).isGreaterThanOrEqualTo(1024);
        assertThat(Acceptor.moved(high)).isEqualTo(high);

        LibC.close(first);
        LibC.close(high);
        assertThatThrownBy(() -> LibC.close(middle)).hasMessageContaining("Bad file descriptor");
    }

    @Test
    void connectionsThatCloseSoonAreNotCompared() throws Exception {
        Other idle = new Other(1, () -> Integer.MAX_VALUE);
        try (Transport transport = Transport.open();
                HttpServer server = server(transport, idle)) {
            int port = listen(server);
            try (RawClient kept = RawClient.connect(port)) {
                request(kept);
                assertThat(server.lastingConnections()).isEqualTo(1);
                while (server.lastingConnections() > 0) { // until the rate of closes has been seen
                    for (int i = 0; i < 100; i++) {
                        try (RawClient client = RawClient.connect(port)) {
                            client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").readAll();
                        }
                    }
                }
            }
        }
    }
}
