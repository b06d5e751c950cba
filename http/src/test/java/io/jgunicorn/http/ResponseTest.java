package io.jgunicorn.http;

import static io.jgunicorn.http.Replies.NONE;
import static io.jgunicorn.http.Replies.bytes;
import static io.jgunicorn.http.Replies.headers;
import static io.jgunicorn.http.Replies.ok;
import static io.jgunicorn.http.Replies.onOwnThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
class ResponseTest {
    private static final String GET = "GET /a HTTP/1.1\r\n\r\n";
    private static final String OLD_GET = "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";

    @TempDir private Path folder;

    @Test
    void streamedResponseWithoutLengthIsChunkedWithUpperCaseSizes() throws Exception {
        Replies.App app =
                exchange -> {
                    exchange.start("200 OK", headers("X-A", "1"));
                    exchange.write(bytes("hello"));
                    exchange.write(new byte[0]);
                    exchange.write(bytes("y".repeat(0x1AB)));
                    exchange.finish();
                };
        try (TestServer server = TestServer.start(onOwnThread(app));
                RawClient client = server.client()) {
            client.send(GET);
            assertThat(client.readUntil("\r\n\r\n"))
                    .contains(
                            "\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\n");
            assertThat(client.readUntil("0\r\n\r\n"))
                    .isEqualTo("5\r\nhello\r\n1AB\r\n" + "y".repeat(0x1AB) + "\r\n0\r\n\r\n");
            assertThat(client.send(GET).response().body()).hasSize(5 + 0x1AB);
        }
    }

    @Test
    void streamedResponseToAnOldClientEndsWithTheConnection() throws Exception {
        Replies.App app =
                exchange -> {
                    exchange.start("200 OK", NONE);
                    exchange.write(bytes("hello "));
                    exchange.write(bytes("world"));
                    exchange.finish();
                };
        try (TestServer server = TestServer.start(onOwnThread(app));
                RawClient client = server.client()) {
            client.send(OLD_GET);
            assertThat(client.readAll())
                    .startsWith("HTTP/1.0 200 OK\r\n")
                    .contains("\r\nConnection: close\r\n")
                    .doesNotContain("chunked")
                    .endsWith("\r\n\r\nhello world");
        }
    }

    @Test
    void contentLengthCutsWhatIsTooMuch() throws Exception {
        Replies.App app =
                exchange -> {
                    if (exchange.request().path().equals("/whole")) {
                        exchange.respond("200 OK", headers("Content-Length", "3"), bytes("abcdef"));
                    } else {
                        exchange.start("200 OK", headers("Content-Length", "3"));
                        exchange.write(bytes("ab"));
                        exchange.write(bytes("cdef"));
                        exchange.write(bytes("gh"));
                        exchange.finish();
                    }
                };
        try (TestServer server = TestServer.start(onOwnThread(app));
                RawClient client = server.client()) {
            client.send("GET /whole HTTP/1.1\r\n\r\n");
            assertThat(client.response().body()).isEqualTo("abc");
            client.send("GET /streamed HTTP/1.1\r\n\r\n");
            assertThat(client.response().body()).isEqualTo("abc");
            client.send("GET /whole HTTP/1.1\r\n\r\n");
            assertThat(client.response().body()).isEqualTo("abc");
        }
    }

    @Test
    void bodyShorterThanContentLengthIsLoggedAndCloses() throws Exception {
        TestServer.Warnings warnings = new TestServer.Warnings();
        Replies.App app =
                exchange -> {
                    exchange.start("200 OK", headers("Content-Length", "10"));
                    exchange.write(bytes("abc"));
                    exchange.finish();
                };
        try (TestServer server = TestServer.start(c -> c.notices(warnings), onOwnThread(app));
                RawClient client = server.client()) {
            assertThat(client.send(GET).readAll()).endsWith("\r\n\r\nabc");
            assertThat(warnings.next())
                    .isEqualTo(
                            "Response to GET /a has 3 bytes, its Content-Length says 10: closing"
                                    + " the connection");
        }
    }

    @Test
    void responsesWithoutBodyCarryNoBytesAndKeepTheConnection() throws Exception {
        Replies.App app =
                exchange -> {
                    String status = exchange.request().path().substring(1);
                    exchange.start(status, headers("Content-Length", "4"));
                    exchange.write(bytes("body"));
                    exchange.finish();
                };
        try (TestServer server = TestServer.start(onOwnThread(app));
                RawClient client = server.client()) {
            client.send("GET /204 HTTP/1.1\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).doesNotContain("Content-Length", "chunked");
            client.send("GET /304 HTTP/1.1\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).contains("Content-Length: 4");
            client.send("HEAD /200 HTTP/1.1\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).contains("Content-Length: 4");
            client.send("GET /200 HTTP/1.1\r\n\r\n");
            assertThat(client.response().body()).isEqualTo("body");
        }
    }

    @Test
    void statusTextsThatAreNoNumbersGoOutAsTheyAre() throws Exception {
        try (TestServer server =
                        TestServer.start(onOwnThread(e -> e.respond("abc", NONE, bytes("x"))));
                RawClient client = server.client()) {
            assertThat(client.send(GET).response().statusLine()).isEqualTo("HTTP/1.1 abc");
        }
    }

    @Test
    void fileIsSentWithItsLengthAndFromItsOffset() throws Exception {
        byte[] content = new byte[5_000_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) ('a' + i % 26);
        }
        Path file = Files.write(folder.resolve("big"), content);
        Replies.App app =
                exchange -> {
                    int length = content.length - 7;
                    exchange.start("200 OK", headers("Content-Length", Integer.toString(length)));
                    exchange.sendFile(file, 7, length);
                    exchange.finish();
                    assertThat(exchange.bytesSent()).isEqualTo(length);
                };
        String expected =
                new String(
                        Arrays.copyOfRange(content, 7, content.length),
                        java.nio.charset.StandardCharsets.ISO_8859_1);
        try (TestServer server = TestServer.start(onOwnThread(app));
                RawClient client = server.client()) {
            assertThat(client.send(GET).response().body()).isEqualTo(expected);
            assertThat(client.send(GET).response().body()).isEqualTo(expected);
        }
    }

    @Test
    void fileWithoutLengthIsOneChunk() throws Exception {
        Path file = Files.write(folder.resolve("small"), bytes("0123456789abcdef"));
        Replies.App app =
                exchange -> {
                    exchange.start("200 OK", NONE);
                    exchange.sendFile(file, 0, Long.MAX_VALUE);
                    exchange.finish();
                };
        try (TestServer server = TestServer.start(onOwnThread(app));
                RawClient client = server.client()) {
            client.send(GET).readUntil("\r\n\r\n");
            assertThat(client.readUntil("0\r\n\r\n"))
                    .isEqualTo("10\r\n0123456789abcdef\r\n0\r\n\r\n");
        }
    }

    @Test
    void missingFileLeavesTheChoiceOfAnotherResponse() throws Exception {
        Replies.App app =
                exchange -> {
                    exchange.start("200 OK", NONE);
                    try {
                        exchange.sendFile(folder.resolve("missing"), 0, 1);
                    } catch (UncheckedIOException _) {
                        exchange.fail();
                    }
                };
        try (TestServer server = TestServer.start(onOwnThread(app));
                RawClient client = server.client()) {
            assertThat(client.send(GET).readAll()).startsWith("HTTP/1.1 500 Internal");
        }
    }

    @Test
    void largeBodyDoesNotBlockTheApplicationAndArrivesWhole() throws Exception {
        String body = "0123456789".repeat(1_000_000);
        try (TestServer server = TestServer.start(e -> respondAtOnce(e, body));
                RawClient client = server.client()) {
            client.send(GET).send(GET);
            assertThat(client.response().body()).isEqualTo(body);
            assertThat(client.response().body()).isEqualTo(body);
        }
    }

    @Test
    void requestThatArrivesWhileTheResponseBeforeItWaitsIsAnswered() throws Exception {
        // Small enough to be handed over at once, large enough to wait for a client that reads not.
        String body = "0123456789".repeat(20_000);
        try (TestServer server = TestServer.start(e -> respondAtOnce(e, body));
                RawClient client = RawClient.connect(server.port(), 2048)) {
            for (int i = 0; i < 200; i++) {
                client.send(GET);
            }
            for (int i = 0; i < 200; i++) {
                assertThat(client.response().body()).isEqualTo(body);
            }
        }
    }

    /** On the event loop, which must never block: proves that respond does not. */
    private static void respondAtOnce(Exchange exchange, String body) {
        try {
            ok(exchange, body);
        } catch (ClientGoneException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void earlyHintsGoBeforeTheResponse() throws Exception {
        Replies.App app =
                exchange -> {
                    exchange.earlyHints(headers("Link", "</a.css>; rel=preload"));
                    ok(exchange, "x");
                };
        try (TestServer server = TestServer.start(onOwnThread(app));
                RawClient client = server.client();
                RawClient old = server.client()) {
            client.send(GET);
            assertThat(client.readUntil("\r\n\r\n"))
                    .isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
            assertThat(client.response().statusLine()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(old.send(OLD_GET).response().statusLine()).isEqualTo("HTTP/1.0 200 OK");
        }
    }

    @Test
    void headerInjectionIsRefused() {
        assertThatThrownBy(() -> ResponseHeaders.parse("X-A\nvalue\nSet-Cookie: evil", 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ResponseHeaders.parse("X-A\nvalue\rSet-Cookie: evil", 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ResponseHeaders.parse("X A\nvalue", 1))
                .hasMessage("Invalid HTTP header name: 'X A'");
        assertThatThrownBy(() -> ResponseHeaders.parse("X-A\n\u20ac", 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ResponseHeaders.parse("X-A", 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> StatusLine.check("200 OK\r\nX: y"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ResponseHeaders.parse("Content-Length\n-1", 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fieldsThatBelongToTheServerAreLeftOut() {
        ResponseHeaders parsed =
                headers(
                        "Connection",
                        "close",
                        "keep-alive",
                        "x",
                        "SERVER",
                        "x",
                        "Date",
                        "x",
                        "TE",
                        "x",
                        "Transfer-Encoding",
                        "chunked",
                        "Trailers",
                        "x",
                        "Upgrade",
                        "x",
                        "Proxy-Authenticate",
                        "x",
                        "Proxy-Authorization",
                        "x",
                        "X-Kept",
                        " \ta b ",
                        "Empty",
                        "");
        assertThat(parsed.fields())
                .containsExactly(
                        new ResponseHeaders.Field("X-Kept", "a b"),
                        new ResponseHeaders.Field("Empty", ""));
    }

    @Test
    void errorPageIsGunicornsByteForByte() throws IOException {
        String page =
                new String(
                        ErrorPage.render("500 Internal Server Error", ""),
                        java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(page)
                .startsWith(
                        "HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\n"
                                + "Content-Type: text/html\r\nContent-Length: 141\r\n\r\n<html>\n");
        assertThat(
                        new String(
                                ErrorPage.render("400 Bad Request", "<'&\">"),
                                java.nio.charset.StandardCharsets.ISO_8859_1))
                .contains("    &lt;&#x27;&amp;&quot;&gt;\n  </body>\n</html>\n");
    }
}
