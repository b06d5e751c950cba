package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.Response;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an application sees of PEP 3333: environ, start_response, iterables, errors. */
class WsgiIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    private static ServerProcess server;

    @BeforeAll
    static void start() {
        server =
                SERVERS.start(
                        Launch.app("wsgi_cases:app")
                                .args("-k", "gthread", "--threads", "4", "-w", "1")
                                .expecting(
                                        "Error handling request",
                                        "Traceback",
                                        "Socket error processing request"));
        server.awaitReady(1);
    }

    @Test
    void environHasTheKeysOfGunicorn() throws IOException {
        int port = ((InetSocketAddress) server.address()).getPort();
        try (RawHttp http = server.connect()) {
            String json =
                    http.request(
                                    "POST",
                                    "/environ_dump/a%20b//c%2Fd?x=1&y=%20",
                                    "12345",
                                    "Content-Type: text/x",
                                    "X-One: 1",
                                    "X-One: 2",
                                    "Cookie: a=b")
                            .body();

            assertThat(json)
                    .contains("\"REQUEST_METHOD\": \"POST\"")
                    .contains("\"SCRIPT_NAME\": \"\"")
                    .contains("\"PATH_INFO\": \"/environ_dump/a b//c/d\"")
                    .contains("\"QUERY_STRING\": \"x=1&y=%20\"")
                    .contains("\"RAW_URI\": \"/environ_dump/a%20b//c%2Fd?x=1&y=%20\"")
                    .contains("\"CONTENT_TYPE\": \"text/x\"")
                    .contains("\"CONTENT_LENGTH\": \"5\"")
                    .contains("\"SERVER_NAME\": \"127.0.0.1\"")
                    .contains("\"SERVER_PORT\": \"" + port + "\"")
                    .contains("\"SERVER_PROTOCOL\": \"HTTP/1.1\"")
                    .contains("\"SERVER_SOFTWARE\": \"")
                    .contains("\"REMOTE_ADDR\": \"127.0.0.1\"")
                    .contains("\"REMOTE_PORT\": \"")
                    .contains("\"HTTP_HOST\": \"test\"")
                    .contains("\"HTTP_X_ONE\": \"1,2\"")
                    .contains("\"HTTP_COOKIE\": \"a=b\"")
                    .contains("\"wsgi.version\": [1, 0]")
                    .contains("\"wsgi.url_scheme\": \"http\"")
                    .contains("\"wsgi.multithread\": true")
                    .contains("\"wsgi.multiprocess\": false")
                    .contains("\"wsgi.run_once\": false")
                    .contains("\"wsgi.input_terminated\": true")
                    .contains("\"wsgi.input\":")
                    .contains("\"wsgi.errors\":")
                    .contains("\"wsgi.file_wrapper\":")
                    .doesNotContain("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH");
        }
    }

    @Test
    void bodyCanBeReadInEveryWay() throws IOException {
        try (RawHttp http = server.connect()) {
            String body = "abcline one\nxyz\nthree\nfour\nfive\n";

            assertThat(http.request("POST", "/read_styles", body).body())
                    .isEqualTo(
                            "[\"\", \"abc\", \"line one\\n\", \"xy\", \"z\\n\", \"three\\n\","
                                    + " \"four\\n\", \"five\\n\", \"\", \"\"]");
        }
    }

    @Test
    void piecesArriveAsTheApplicationYieldsThem() throws IOException {
        try (RawHttp http = server.connect()) {
            http.send("GET /gate HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(http.readHead().isOk()).isTrue();
            assertThat(http.readChunk()).contains("first");

            // The application makes its second piece only now.
            Files.createFile(server.directory().resolve("gate.open"));
            assertThat(http.readChunk()).contains("second");
            assertThat(http.readChunk()).isEmpty();
            assertThat(http.get("/hello").isOk()).isTrue();
        }
    }

    @Test
    void contentLengthOfTheApplicationIsKept() throws IOException {
        try (RawHttp http = server.connect()) {
            Response response = http.get("/sized_stream");

            assertThat(response.header("Content-Length")).contains("6");
            assertThat(response.header("Transfer-Encoding")).isEmpty();
            assertThat(response.body()).isEqualTo("onetwo");
        }
    }

    @Test
    void bytesBeyondTheContentLengthAreCut() throws IOException {
        try (RawHttp http = server.connect()) {
            assertThat(http.get("/too_long").body()).isEqualTo("one");
            assertThat(http.get("/hello").isOk()).isTrue();
        }
    }

    @Test
    void writeSendsBeforeTheIterable() {
        assertThat(server.get("/write").body()).isEqualTo("one two three");
    }

    @Test
    void excInfoBeforeTheBodyReplacesTheStatus() {
        Response response = server.get("/exc_info_before_the_body");

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.reason()).isEqualTo("Changed My Mind");
        assertThat(response.body()).isEqualTo("sorry");
    }

    @Test
    void excInfoAfterTheBodyCutsTheConnection() throws IOException {
        try (RawHttp http = server.connect()) {
            http.send("GET /exc_info_after_the_body HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(http.readHead().isOk()).isTrue();
            assertThat(http.readChunk()).contains("first");
            assertThatThrownBy(http::readChunk).isInstanceOf(EOFException.class);
        }
        server.awaitLine("KeyError: 'too late'");
    }

    @Test
    void startingTheResponseTwiceIsAnError() {
        assertThat(server.get("/start_twice").status()).isEqualTo(500);
        server.awaitLine("AssertionError: Response headers already set!");
    }

    @Test
    void closeIsCalledAfterTheLastPiece() {
        assertThat(server.get("/close_after_the_end").body()).isEqualTo("ab");
        awaitClosed("end");
    }

    @Test
    void closeIsCalledWhenTheBodyFails() throws IOException {
        try (RawHttp http = server.connect()) {
            http.send("GET /close_after_an_error HTTP/1.1\r\nHost: test\r\n\r\n").readToEnd();
        }
        awaitClosed("error");
    }

    @Test
    void closeIsCalledWhenTheClientLeaves() throws IOException {
        try (RawHttp http = server.connect()) {
            http.send("GET /close_after_the_client_left HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(http.readHead().isOk()).isTrue();
        }
        awaitClosed("client");
    }

    @Test
    void fileWrapperSendsARealFileFromItsPosition() throws IOException {
        String source =
                Files.readString(
                        server.directory().resolve("wsgi_cases.py"), StandardCharsets.ISO_8859_1);

        assertThat(server.get("/real_file").body())
                .isEqualTo(source.substring(source.indexOf('\n') + 1));
    }

    @Test
    void fileWrapperSendsAndClosesAFileLikeObject() throws IOException {
        String source =
                Files.readString(
                        server.directory().resolve("wsgi_cases.py"), StandardCharsets.ISO_8859_1);

        assertThat(server.get("/file_like").body()).isEqualTo(source);
        awaitClosed("file");
    }

    @Test
    void exceptionInTheApplicationIsA500PageAndATracebackInTheLog() {
        Response response = server.get("/raise_at_once");

        assertThat(response.status()).isEqualTo(500);
        assertThat(response.reason()).isEqualTo("Internal Server Error");
        assertThat(response.header("Content-Type")).contains("text/html");
        assertThat(response.body()).contains("<h1>").doesNotContain("as the test asked");
        assertThat(response.closesConnection()).isTrue();
        server.awaitLine("\\[ERROR\\] Error handling request (GET )?/raise_at_once");
        server.awaitLine("wsgi_cases.py\", line \\d+, in raise_at_once");
        server.awaitLine("RuntimeError: as the test asked$");
    }

    @Test
    void exceptionInTheBodyLeavesItVisiblyUnfinished() throws IOException {
        try (RawHttp http = server.connect()) {
            http.send("GET /raise_in_the_body HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(http.readHead().isOk()).isTrue();
            assertThat(http.readChunk()).contains("first");
            assertThatThrownBy(http::readChunk).isInstanceOf(EOFException.class);
        }
        server.awaitLine("RuntimeError: as the test asked, later");
    }

    @Test
    void bodyThatIsTextIsATypeError() throws IOException {
        try (RawHttp http = server.connect()) {
            http.send("GET /not_bytes HTTP/1.1\r\nHost: test\r\n\r\n").readToEnd();
        }
        server.awaitLine("TypeError");
    }

    @Test
    void headersKeepTheirOrderCaseAndRepetition() {
        Response response = server.get("/headers");

        assertThat(response.status()).isEqualTo(299);
        assertThat(response.reason()).isEqualTo("Rather Good");
        assertThat(response.headers("Set-Cookie")).containsExactly("a=1", "b=2");
        assertThat(response.headers("X-Name")).containsExactly("caf\u00e9");
        assertThat(response.headers()).contains(new Response.Header("x-lower", "kept"));
    }

    @Test
    void wsgiErrorsReachesTheErrorLog() {
        assertThat(server.get("/errors").isOk()).isTrue();
        server.awaitLine("a line for the error log");
    }

    /** The application counts close() calls in memory: ask until the name is there. */
    private static void awaitClosed(String name) {
        server.awaitThat(
                "close() of " + name, () -> server.get("/closed_names").body().contains(name));
    }
}
