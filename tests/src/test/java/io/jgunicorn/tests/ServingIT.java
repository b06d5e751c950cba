package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.Response;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HTTP on the wire: connections, framing of requests and of responses. */
class ServingIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    private static ServerProcess server;

    @BeforeAll
    static void start() {
        server =
                SERVERS.start(Launch.app("wsgi_cases:app").args("-k", "gthread", "--threads", "4"));
        server.awaitReady(1);
    }

    @Test
    void answersAGetWithStatusHeadersAndBody() {
        Response response = server.get("/hello");

        assertThat(response.version()).isEqualTo("HTTP/1.1");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.reason()).isEqualTo("OK");
        assertThat(response.header("Content-Type")).contains("text/plain");
        assertThat(response.header("Content-Length")).contains("14");
        assertThat(response.headers("Date")).hasSize(1);
        assertThat(response.headers("Server")).hasSize(1);
        assertThat(response.body()).isEqualTo("Hello, world!\n");
    }

    @Test
    void oneConnectionServesManyRequests() throws IOException {
        try (RawHttp http = server.connect()) {
            for (int i = 0; i < 50; i++) {
                Response response = http.get("/hello?" + i);
                assertThat(response.body()).isEqualTo("Hello, world!\n");
                assertThat(response.closesConnection()).isFalse();
            }
        }
    }

    @Test
    void connectionCloseOfTheClientIsHonoured() throws IOException {
        try (RawHttp http = server.connect()) {
            Response response = http.request("GET", "/hello", "", "Connection: close");

            assertThat(response.closesConnection()).isTrue();
            assertThat(http.readToEnd()).isEmpty();
        }
    }

    @Test
    @Tag("product") // gunicorn's gthread never answers the second one
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        try (RawHttp http = server.connect()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                String body = "body " + i;
                requests.append("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: ")
                        .append(body.length())
                        .append("\r\n\r\n")
                        .append(body);
            }
            http.send(requests.toString());

            for (int i = 0; i < 20; i++) {
                assertThat(http.read().body()).isEqualTo("body " + i);
            }
        }
    }

    @Test
    void requestThatArrivesByteByByteIsUnderstood() throws IOException {
        try (RawHttp http = server.connect()) {
            String request = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabc";
            for (int i = 0; i < request.length(); i++) {
                http.send(request.substring(i, i + 1));
            }

            assertThat(http.read().body()).isEqualTo("abc");
        }
    }

    @Test
    void http10IsAnsweredWithoutChunksAndClosed() throws IOException {
        try (RawHttp http = server.connect()) {
            Response response = http.send("GET /big?size=100 HTTP/1.0\r\n\r\n").readHead();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("Transfer-Encoding")).isEmpty();
            assertThat(response.closesConnection()).isTrue();
            assertThat(http.readToEnd()).hasSize(100);
        }
    }

    @Test
    void http10WithKeepAliveAndAKnownLengthIsKeptOpen() throws IOException {
        try (RawHttp http = server.connect()) {
            String request = "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";

            assertThat(http.send(request).read().header("Connection")).contains("keep-alive");
            assertThat(http.send(request).read().body()).isEqualTo("Hello, world!\n");
        }
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() throws IOException {
        try (RawHttp http = server.connect()) {
            Response head = http.request("HEAD", "/hello", "");
            Response next = http.get("/echo");

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Length")).contains("14");
            assertThat(next.body()).isEmpty();
        }
    }

    @Test
    void noContentAndNotModifiedHaveNoBody() throws IOException {
        try (RawHttp http = server.connect()) {
            Response noContent = http.get("/no_content");
            Response notModified = http.get("/not_modified");

            assertThat(noContent.status()).isEqualTo(204);
            assertThat(noContent.header("Transfer-Encoding")).isEmpty();
            assertThat(noContent.header("Content-Length")).isEmpty();
            assertThat(notModified.status()).isEqualTo(304);
            assertThat(notModified.header("ETag")).contains("\"one\"");
            assertThat(http.get("/hello").status()).isEqualTo(200);
        }
    }

    @Test
    void chunkedRequestBodyReachesTheApplication() throws IOException {
        try (RawHttp http = server.connect()) {
            http.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
            http.send("3\r\none\r\n");
            http.send("A;name=value\r\n two three\r\n");
            http.send("0\r\nX-Trailer: skipped\r\n\r\n");

            assertThat(http.read().body()).isEqualTo("one two three");
            assertThat(http.get("/hello").status()).isEqualTo(200);
        }
    }

    @Test
    void bodyOfUnknownLengthIsSentInChunks() throws IOException {
        try (RawHttp http = server.connect()) {
            Response response = http.get("/big?size=1000000");

            assertThat(response.header("Transfer-Encoding")).contains("chunked");
            assertThat(response.header("Content-Length")).isEmpty();
            assertThat(response.body()).hasSize(1_000_000);
            assertThat(http.get("/hello").status()).isEqualTo(200);
        }
    }

    @Test
    void largeBodyComesBackUnchanged() throws IOException {
        String body = "0123456789\n\0\u00ff".repeat(400_000);
        try (RawHttp http = server.connect()) {
            assertThat(http.request("POST", "/echo", body).body().equals(body)).isTrue();
        }
    }

    @Test
    void expectContinueIsAnsweredBeforeTheBodyIsSent() throws IOException {
        try (RawHttp http = server.connect()) {
            http.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n");
            http.send("Expect: 100-continue\r\n\r\n");
            assertThat(http.read().status()).isEqualTo(100);

            http.send("body");
            assertThat(http.read().body()).isEqualTo("body");
        }
    }

    @Test
    void unreadBodyDoesNotSpoilTheNextRequest() throws IOException {
        try (RawHttp http = server.connect()) {
            Response first = http.request("POST", "/ignore_body", "GET /oops HTTP/1.1\r\n\r\n");
            Response second = http.get("/hello");

            assertThat(first.status()).isEqualTo(200);
            assertThat(second.status()).isEqualTo(200);
        }
    }

    @Test
    void clientThatFinishedSendingStillGetsItsAnswer() throws IOException {
        try (RawHttp http = server.connect()) {
            http.send("GET /hello HTTP/1.1\r\nHost: test\r\n\r\n").finishSending();

            assertThat(http.read().body()).isEqualTo("Hello, world!\n");
        }
    }

    @Test
    void brokenRequestLineIsRefusedWith400() throws IOException {
        try (RawHttp http = server.connect()) {
            assertThat(http.send("nonsense\r\n\r\n").read().status()).isEqualTo(400);
            assertThat(http.readToEnd()).isEmpty();
        }
    }
}
