package io.jgunicorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ConnectionClockTest {
    private final AtomicLong nanos = new AtomicLong();

    private void pass(TestServer server, int seconds) {
        pass(server, Duration.ofSeconds(seconds));
    }

    private void pass(TestServer server, Duration time) {
        nanos.addAndGet(time.toNanos());
        server.checkTimes();
    }

    private TestServer server() {
        return TestServer.startAt(nanos::get, KeepAliveTest::echoPath);
    }

    private static void awaitConnections(TestServer server, int count) {
        while (server.server().openConnections() != count) {
            Thread.onSpinWait();
        }
    }

    /** What went before has been dealt with once a request behind it has been answered. */
    private static void awaitTurn(TestServer server) throws IOException {
        try (RawClient other = server.client()) {
            other.send("GET /turn HTTP/1.1\r\n\r\n").response();
        }
    }

    @Test
    void silentNewConnectionIsClosedAfterTheKeepAliveTime() throws Exception {
        try (TestServer server = server();
                RawClient client = server.client()) {
            awaitConnections(server, 1);
            pass(server, 31);
            assertThat(client.readAll()).isEmpty();
        }
    }

    @Test
    void connectionIsStillGoodJustBeforeItsTime() throws Exception {
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send("GET /a HTTP/1.1\r\n\r\n").response();
            awaitTurn(server);
            pass(server, 29);
            assertThat(client.send("GET /b HTTP/1.1\r\n\r\n").response().body()).isEqualTo("/b");
            awaitTurn(server);
            pass(server, 29);
            assertThat(client.send("GET /c HTTP/1.1\r\n\r\n").response().body()).isEqualTo("/c");
            awaitTurn(server);
            pass(server, 31);
            assertThat(client.readAll()).isEmpty();
        }
    }

    @Test
    void headOrBodyThatNeverEndsIsRefusedAfterAMinute() throws Exception {
        try (TestServer server = server();
                RawClient head = server.client();
                RawClient body = server.client()) {
            head.send("GET /a HT");
            body.send("POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            body.readUntil("100 Continue\r\n\r\n");
            awaitTurn(server);
            pass(server, 61);
            assertThat(head.readAll()).startsWith("HTTP/1.1 408 ");
            assertThat(body.readAll()).startsWith("HTTP/1.1 408 ");
        }
    }

    /** Starts the drain, and returns when it has begun. */
    private static CompletableFuture<Void> drain(TestServer server) throws Exception {
        CompletableFuture<Void> drained = server.server().drain();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        server.server().execute(() -> begun.complete(null));
        begun.get(10, TimeUnit.SECONDS);
        return drained;
    }

    @Test
    void idleConnectionHoldsADrainForASecondOnly() throws Exception {
        try (TestServer server = server();
                RawClient late = server.client();
                RawClient idle = server.client()) {
            late.send("GET /a HTTP/1.1\r\n\r\n").response();
            idle.send("GET /b HTTP/1.1\r\n\r\n").response();
            awaitTurn(server);
            CompletableFuture<Void> drained = drain(server);
            pass(server, Duration.ofMillis(999));
            RawClient.Response last = late.send("GET /c HTTP/1.1\r\n\r\n").response();
            assertThat(last.head()).contains("\r\nConnection: close\r\n");
            assertThat(last.body()).isEqualTo("/c");
            pass(server, Duration.ofMillis(1));
            assertThat(idle.readAll()).isEmpty();
            late.reset();
            drained.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void connectionThatGoesIdleDuringTheDrainDoesNotHoldItEither() throws Exception {
        BlockingQueue<Exchange> arrived = new LinkedBlockingQueue<>();
        try (TestServer server = TestServer.startAt(nanos::get, arrived::add);
                RawClient client = server.client()) {
            client.send("GET /a HTTP/1.1\r\n\r\n");
            Exchange exchange = arrived.poll(10, TimeUnit.SECONDS);
            exchange.start("200 OK", Replies.NONE);
            exchange.write(Replies.bytes("part"));
            assertThat(client.readUntil("part\r\n")).contains("Connection: keep-alive");
            CompletableFuture<Void> drained = drain(server);
            pass(server, 2);
            assertThat(exchange.clientGone()).as("still running").isFalse();
            exchange.finish();
            assertThat(client.readAll()).isEqualTo("0\r\n\r\n");
            drained.get(10, TimeUnit.SECONDS);
        }
    }
}
