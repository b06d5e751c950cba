package io.jgunicorn.tests;

import static io.jgunicorn.tests.Requests.MULTIPART;
import static io.jgunicorn.tests.Requests.chunks;
import static io.jgunicorn.tests.Requests.form;
import static io.jgunicorn.tests.Requests.get;
import static io.jgunicorn.tests.Requests.head;
import static io.jgunicorn.tests.Requests.post;
import static io.jgunicorn.tests.Requests.postChunked;
import static io.jgunicorn.tests.Requests.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.Response;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The test applications under the watch of {@code wsgiref.validate}, with their usual requests. A
 * fault of the server or of the application is an AssertionError: a 500 or a cut body here, and a
 * traceback in the log, which the kit does not let pass.
 */
class ValidatedIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    // Not here:
    //   corpus_echo, and of wsgi_cases echo and read_styles: they call read() without a size, which
    //     the validator forbids;
    //   last_words: it sends no Content-Type;
    //   of wsgi_cases what goes wrong on purpose: too_long, start_twice, exc_info_after_the_body,
    //     close_after_an_error, raise_at_once, raise_in_the_body, not_bytes; and
    //     close_after_the_client_left, which has no end;
    //   /error of the frameworks and /breaks of Flask: they raise;
    //   bad_apps and raises_at_import: no applications; factory makes another hello; pid is what
    //     spin answers with.

    /** More than the server keeps in memory. */
    private static final String LARGE = "0123456789".repeat(10_000);

    @ParameterizedTest
    @ValueSource(strings = {"sync", "gthread"})
    void bodyIsReadInEveryAllowedWay(String workerClass) throws IOException {
        ServerProcess server = start(Launch.app("under_validation:app"), workerClass);

        assertThat(server.awaitLine("Using worker: (.+)").group(1)).isEqualTo(workerClass);
        assertThat(post(server, "/a?b=c", "12345").body()).isEqualTo("got 5 bytes");
        assertThat(post(server, "/", "one\ntwo\nthree\nfour\n\nfive").body())
                .isEqualTo("got 24 bytes");
        assertThat(post(server, "/", LARGE + "\n" + LARGE).body()).isEqualTo("got 200001 bytes");
        assertThat(postChunked(server, "/", chunks("one\ntwo", 2, 3)).body())
                .isEqualTo("got 7 bytes");
        assertThat(head(server, "/").isOk()).isTrue();
        server.awaitLine("validated app was here");
        assertAllClosed(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "gthread"})
    void helloFindsNoFault(String workerClass) throws IOException {
        ServerProcess server = start(validated("hello:app"), workerClass);

        assertThat(server.get("/").body()).isEqualTo("Hello, world!\n");
        assertThat(server.get("/caf%C3%A9//a;b?x=%20&y").isOk()).isTrue();
        assertThat(post(server, "/", "unread").isOk()).isTrue();
        assertThat(head(server, "/").header("Content-Length")).contains("14");
        assertAllClosed(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "gthread"})
    void spinFindsNoFault(String workerClass) {
        ServerProcess server = start(validated("spin:app").copy("pid"), workerClass);

        assertThat(server.get("/drip?seconds=0.1").body()).isEqualTo("drop\nend\n");
        assertThat(server.get("/").body()).matches("\\d+");
        assertAllClosed(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "gthread"})
    void wsgiCasesFindNoFault(String workerClass) throws IOException {
        ServerProcess server = start(validated("wsgi_cases:app"), workerClass);

        assertThat(server.get("/hello").body()).isEqualTo("Hello, world!\n");
        assertThat(server.get("/environ_dump?x=1").body()).contains("\"QUERY_STRING\": \"x=1\"");
        assertThat(post(server, "/ignore_body", LARGE).isOk()).isTrue();
        assertThat(server.get("/big?size=200000").body()).hasSize(200_000);
        assertThat(server.get("/sized_stream").body()).isEqualTo("onetwo");
        assertThat(server.get("/write").body()).isEqualTo("one two three");
        assertThat(server.get("/exc_info_before_the_body").status()).isEqualTo(503);
        assertThat(server.get("/close_after_the_end").body()).isEqualTo("ab");
        assertThat(server.get("/closed_names").body()).contains("end");
        assertThat(server.get("/real_file").body()).contains("def real_file(");
        assertThat(server.get("/file_like").body()).contains("def file_like(");
        assertThat(server.get("/no_content").status()).isEqualTo(204);
        assertThat(server.get("/not_modified").status()).isEqualTo(304);
        assertThat(server.get("/headers").status()).isEqualTo(299);
        assertThat(server.get("/errors").isOk()).isTrue();
        server.awaitLine("a line for the error log");
        assertThat(server.get("/nowhere").status()).isEqualTo(404);
        assertAllClosed(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "gthread"})
    void piecesArriveAsTheyAreYielded(String workerClass) throws IOException {
        ServerProcess server = start(validated("wsgi_cases:app"), workerClass);

        try (RawHttp http = server.connect()) {
            http.send("GET /gate HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(http.readHead().isOk()).isTrue();
            assertThat(http.readChunk()).contains("first");
            Files.createFile(server.directory().resolve("gate.open"));
            assertThat(http.readChunk()).contains("second");
            assertThat(http.readChunk()).isEmpty();
        }
        assertAllClosed(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "gthread"})
    void flaskFindsNoFault(String workerClass) throws IOException {
        ServerProcess server =
                start(validated("flask_app:app").frameworks().file("data.bin", LARGE), workerClass);

        assertThat(server.get("/").text()).isEqualTo("Hello from Flask");
        assertThat(server.get("/json/21?q=caf%C3%A9").text()).contains("\"q\":\"caf\\u00e9\"");
        assertThat(head(server, "/page/Ada").isOk()).isTrue();
        assertThat(server.get("/stream?word=tick").text()).endsWith("tick 4\n");
        assertThat(post(server, "/upload", form("a note", LARGE), MULTIPART).text())
                .contains("\"size\":100000", "\"note\":\"a note\"");
        assertThat(post(server, "/digest", LARGE).text()).contains(sha256(LARGE));
        assertThat(postChunked(server, "/digest", chunks(LARGE, 9999)).text())
                .contains(sha256(LARGE));
        Response file = server.get("/file");
        assertThat(file.body()).isEqualTo(LARGE);
        assertThat(get(server, "/file", "Range: bytes=98765-").body())
                .isEqualTo(LARGE.substring(98_765));
        assertThat(get(server, "/file", "If-None-Match: " + etag(file)).status()).isEqualTo(304);
        assertThat(server.get("/count").text()).isEqualTo("1");
        assertThat(server.get("/teapot").status()).isEqualTo(418);
        assertThat(server.get("/nowhere").status()).isEqualTo(404);
        assertAllClosed(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "gthread"})
    void djangoFindsNoFault(String workerClass) throws IOException {
        ServerProcess server =
                start(
                        validated("django_site.wsgi:application")
                                .frameworks()
                                .file("data.bin", LARGE),
                        workerClass);

        assertThat(server.get("/").text()).isEqualTo("Hello from Django");
        assertThat(server.get("/json/21?q=caf%C3%A9").text()).contains("\"q\": \"caf\\u00e9\"");
        assertThat(head(server, "/page/Ada").isOk()).isTrue();
        assertThat(server.get("/visits/Ada").text()).contains("\"first\": \"Ada\"");
        assertThat(server.get("/release/open").isOk()).isTrue();
        assertThat(server.get("/gated/open?word=now").text()).isEqualTo("first\nnow\n");
        assertThat(post(server, "/upload", form("a note", LARGE), MULTIPART).text())
                .contains(sha256(LARGE), "\"note\": \"a note\"");
        assertThat(server.get("/file").body()).isEqualTo(LARGE);
        String etag = etag(server.get("/conditional"));
        assertThat(get(server, "/conditional", "If-None-Match: " + etag).status()).isEqualTo(304);
        assertThat(server.get("/admin/login/").isOk()).isTrue();
        assertThat(server.get("/admin/").status()).isEqualTo(302);
        assertThat(post(server, "/json/21", "a=b").status()).isEqualTo(403);
        assertThat(server.get("/nowhere").status()).isEqualTo(404);
        assertAllClosed(server);
    }

    @Test
    @Tag("product") // gunicorn has no warm-up
    void warmUpRequestsHaveNoFault() {
        ServerProcess server =
                start(
                        validated("warmed:app")
                                .args("--warmup", "/one?x=1", "--warmup-timeout", "0"),
                        "sync");

        assertThat(server.get("/").body()).contains("[\"/one\", true, \"GET\", \"x=1\"");
        assertThat(server.log().matching(0, "\\[WARNING\\]")).isEmpty();
        assertAllClosed(server);
    }

    /** Otherwise the other tests would show nothing. */
    @Test
    void faultIsA500AndATraceback() throws IOException {
        ServerProcess server =
                start(
                        validated("wsgi_cases:app")
                                .expecting("Error handling request", "^Traceback"),
                        "sync");

        assertThat(post(server, "/echo", "12345").status()).isEqualTo(500);
        server.awaitLine("validate\\.py\", line \\d+, in read$");
        server.awaitLine("^AssertionError");
    }

    private static Launch validated(String application) {
        return Launch.app("under_validation:app")
                .copy(application.split("[:.]", 2)[0])
                .env("VALIDATED_APP", application);
    }

    private static ServerProcess start(Launch launch, String workerClass) {
        launch.args("-k", workerClass);
        if (workerClass.equals("gthread")) {
            launch.args("--threads", "4");
        }
        return SERVERS.start(launch).awaitReady(1);
    }

    /** PEP 3333: the server calls close(), whatever it was that it has sent. */
    private static void assertAllClosed(ServerProcess server) {
        server.awaitThat(
                "close() of every response",
                () -> server.get("/validator/unclosed").body().matches("0 of [1-9]\\d*"));
    }

    private static String etag(Response response) {
        return response.header("ETag").orElseThrow();
    }
}
