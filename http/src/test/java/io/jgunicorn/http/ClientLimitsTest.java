package io.jgunicorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.config.ServerConfig.ClientLimits;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one client may cost, with a clock that the test moves. */
@Timeout(30)
class ClientLimitsTest {
    private static final ClientLimits STRICT =
            new ClientLimits(
                    10,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(15),
                    100,
                    Duration.ofSeconds(9),
                    2);

    private final AtomicLong nanos = new AtomicLong();

    private TestServer server(ClientLimits limits) {
        return TestServer.startAt(
                nanos::get, config -> config.clients(limits), KeepAliveTest::echoPath);
    }

    /** What went before has been dealt with once a request behind it has been answered. */
    private void pass(TestServer server, int seconds) throws Exception {
        try (RawClient other = server.client()) {
            other.send("GET /turn HTTP/1.1\r\n\r\n").response();
        }
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        server.checkTimes();
    }

    @Test
    void announcedBodyBeyondTheLimitIsRefusedBeforeItIsSent() throws Exception {
        try (TestServer server = server(STRICT);
                RawClient client = server.client()) {
            client.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
            assertThat(client.readAll())
                    .startsWith("HTTP/1.1 413 Content Too Large\r\n")
                    .contains("Connection: close");
        }
    }

    @Test
    void bodyOfTheLimitIsTaken() throws Exception {
        try (TestServer server = server(STRICT);
                RawClient client = server.client()) {
            client.send("POST /a HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789");
            assertThat(client.response().body()).isEqualTo("/a");
        }
    }

    @Test
    void chunkedBodyIsRefusedWhenItExceedsTheLimit() throws Exception {
        try (TestServer server = server(STRICT);
                RawClient client = server.client()) {
            client.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("6\r\nabcdef\r\n5\r\nghijk\r\n");
            assertThat(client.readAll()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void headThatIsNotCompleteInTimeIsAnsweredWith408() throws Exception {
        try (TestServer server = server(STRICT);
                RawClient client = server.client()) {
            client.send("GET /a HTTP/1.1\r\n");
            pass(server, 19);
            client.send("Host: x\r\n"); // bytes do not move the deadline
            pass(server, 1);
            assertThat(client.readAll()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
        }
    }

    @Test
    void bodyThatStopsIsAnsweredWith408() throws Exception {
        try (TestServer server = server(STRICT);
                RawClient client = server.client()) {
            client.send("POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nab");
            pass(server, 15);
            assertThat(client.readAll()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
        }
    }

    @Test
    void bodyThatTricklesIsAnsweredWith408AfterTenSeconds() throws Exception {
        ClientLimits rate = new ClientLimits(0, Duration.ZERO, Duration.ZERO, 1, Duration.ZERO, 0);
        try (TestServer server = server(rate);
                RawClient slow = server.client();
                RawClient quick = server.client()) {
            slow.send("POST /a HTTP/1.1\r\nContent-Length: 90\r\n\r\nab");
            quick.send("POST /b HTTP/1.1\r\nContent-Length: 90\r\n\r\n" + "x".repeat(60));
            pass(server, 9);
            slow.send("c");
            pass(server, 1);
            assertThat(slow.readAll()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
            pass(server, 40);
            assertThat(quick.send("x".repeat(30)).response().body()).isEqualTo("/b");
        }
    }

    @Test
    void lastRequestOfAConnectionClosesIt() throws Exception {
        try (TestServer server = server(STRICT);
                RawClient client = server.client()) {
            assertThat(client.send("GET /a HTTP/1.1\r\n\r\n").response().head())
                    .contains("Connection: keep-alive");
            client.send("GET /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\n\r\n");
            RawClient.Response last = client.response();
            assertThat(last.head()).contains("Connection: close");
            assertThat(last.body()).isEqualTo("/b");
            assertThat(client.readAll()).isEmpty();
        }
    }

    @Test
    void zeroSetsNoLimit() throws Exception {
        ClientLimits none = new ClientLimits(0, Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, 0);
        try (TestServer server = server(none);
                RawClient client = server.client()) {
            client.send("POST /a HTTP/1.1\r\n");
            pass(server, 100_000);
            client.send("Content-Length: 3\r\n\r\na");
            pass(server, 100_000);
            assertThat(client.send("bc").response().body()).isEqualTo("/a");
        }
    }
}
