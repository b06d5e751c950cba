package io.jgunicorn.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class KeepAliveTest {
    private static final ResponseHeaders TEXT =
            ResponseHeaders.parse("Content-Type\ntext/plain", 1);

    /** Answers each request with its path. */
    static void echoPath(Exchange exchange) {
        try {
            exchange.respond("200 OK", TEXT, exchange.request().path().getBytes(ISO_8859_1));
        } catch (ClientGoneException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void connectionServesOneRequestAfterTheOther() throws Exception {
        try (TestServer server = TestServer.start(KeepAliveTest::echoPath);
                RawClient client = server.client()) {
            for (String path : List.of("/one", "/two", "/three")) {
                client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
                RawClient.Response response = client.response();
                assertThat(response.statusLine()).isEqualTo("HTTP/1.1 200 OK");
                assertThat(response.head()).contains("\r\nConnection: keep-alive\r\n");
                assertThat(response.body()).isEqualTo(path);
            }
        }
    }

    @Test
    void headIsInGunicornsOrder() throws Exception {
        try (TestServer server = TestServer.start(KeepAliveTest::echoPath);
                RawClient client = server.client()) {
            client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.response().head())
                    .matches(
                            """
                            HTTP/1.1 200 OK
                            Server: jgunicorn
                            Date: [A-Z][a-z]{2}, .* GMT
                            Connection: keep-alive
                            Content-Length: 2
                            Content-Type: text/plain

                            """
                                    .replace("\n", "\r\n"));
        }
    }

    @Test
    void connectionListWithCloseClosesAfterTheResponse() throws Exception {
        try (TestServer server = TestServer.start(KeepAliveTest::echoPath);
                RawClient client = server.client()) {
            client.send("GET /a HTTP/1.1\r\nConnection: Foo ,  CLOSE\r\n\r\n");
            assertThat(client.response().head()).contains("\r\nConnection: close\r\n");
            assertThat(client.readAll()).isEmpty();
        }
    }

    @Test
    void oldClientsAreKeptOnlyIfTheyAsk() throws Exception {
        try (TestServer server = TestServer.start(KeepAliveTest::echoPath);
                RawClient asking = server.client();
                RawClient silent = server.client()) {
            asking.send("GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
            RawClient.Response kept = asking.response();
            assertThat(kept.statusLine()).isEqualTo("HTTP/1.0 200 OK");
            assertThat(kept.head()).contains("\r\nConnection: keep-alive\r\n");
            silent.send("GET /a HTTP/1.0\r\n\r\n");
            assertThat(silent.readAll()).contains("\r\nConnection: close\r\n").endsWith("\r\n/a");
        }
    }

    @Test
    void keepAliveOfZeroClosesAfterEachResponse() throws Exception {
        try (TestServer server =
                        TestServer.start(c -> c.keepAlive(Duration.ZERO), KeepAliveTest::echoPath);
                RawClient client = server.client()) {
            client.send("GET /a HTTP/1.1\r\n\r\n");
            assertThat(client.readAll()).contains("\r\nConnection: close\r\n").endsWith("\r\n/a");
        }
    }

    @Test
    void idleConnectionIsClosedAfterTheKeepAliveTime() throws Exception {
        try (TestServer server =
                        TestServer.start(
                                c -> c.keepAlive(Duration.ofMillis(100)), KeepAliveTest::echoPath);
                RawClient client = server.client()) {
            client.send("GET /a HTTP/1.1\r\n\r\n");
            assertThat(client.response().head()).contains("\r\nConnection: keep-alive\r\n");
            assertThat(client.readAll()).isEmpty();
        }
    }

    @Test
    void pipelinedRequestsAreHandedOutOneByOneInOrder() throws Exception {
        BlockingQueue<Exchange> arrived = new LinkedBlockingQueue<>();
        try (TestServer server = TestServer.start(arrived::add);
                RawClient client = server.client()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append("GET /").append(i).append(" HTTP/1.1\r\n\r\n");
            }
            client.send(requests.toString());
            for (int i = 0; i < 50; i++) {
                Exchange exchange = arrived.poll(10, TimeUnit.SECONDS);
                assertThat(exchange.request().path()).isEqualTo("/" + i);
                assertThat(exchange.requestsOnConnection()).isEqualTo(i + 1);
                assertThat(arrived).as("the next request waits for this response").isEmpty();
                echoPath(exchange);
                assertThat(client.response().body()).isEqualTo("/" + i);
            }
        }
    }

    @Test
    void requestArrivingByteByByteIsAssembled() throws Exception {
        try (TestServer server = TestServer.start(KeepAliveTest::echoPath);
                RawClient client = server.client()) {
            String request = "POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
            for (int i = 0; i < request.length(); i++) {
                client.send(request.substring(i, i + 1));
            }
            assertThat(client.response().body()).isEqualTo("/slow");
        }
    }

    @Test
    void handlerRunsOnTheNamedEventLoop() throws Exception {
        List<String> names = new CopyOnWriteArrayList<>();
        RequestHandler handler =
                exchange -> {
                    names.add(Thread.currentThread().getName());
                    echoPath(exchange);
                };
        try (TestServer server = TestServer.start(handler);
                RawClient client = server.client()) {
            client.send("GET /a HTTP/1.1\r\n\r\n").response();
        }
        assertThat(names).containsExactly("jgunicorn-http-loop");
    }

    @Test
    void acceptingPausesAtTheConnectionLimit() throws Exception {
        try (TestServer server =
                TestServer.start(c -> c.maxConnections(2), KeepAliveTest::echoPath)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                clients.add(server.client());
            }
            for (RawClient client : clients) {
                client.send("GET /a HTTP/1.1\r\n\r\n");
            }
            // With every place taken responses close, so that all six get their turn.
            for (RawClient client : clients) {
                assertThat(client.response().body()).isEqualTo("/a");
                closeQuietly(client);
            }
            assertThat(server.server().openConnections()).isLessThanOrEqualTo(2);
        }
    }

    private static void closeQuietly(RawClient client) throws IOException {
        client.close();
    }
}
