package io.jgunicorn.tests;

import static io.jgunicorn.tests.Requests.MULTIPART;
import static io.jgunicorn.tests.Requests.chunks;
import static io.jgunicorn.tests.Requests.form;
import static io.jgunicorn.tests.Requests.get;
import static io.jgunicorn.tests.Requests.head;
import static io.jgunicorn.tests.Requests.post;
import static io.jgunicorn.tests.Requests.postChunked;
import static io.jgunicorn.tests.Requests.sha256;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.Response;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What frameworks do with long bodies: streams, files, uploads. Flask 3.1 and Django 4.2. */
class FrameworkStreamingIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    /** More than any buffer on the way, and more than Django keeps of an upload in memory. */
    private static final String CONTENT = Requests.bytes(3_000_017);

    private static final String HASH = sha256(CONTENT);
    private static final String LENGTH = "" + CONTENT.length();

    private static ServerProcess flask;
    private static ServerProcess django;

    @BeforeAll
    static void start() throws IOException {
        flask =
                SERVERS.start(
                        Launch.app("flask_app:app")
                                .frameworks()
                                .args("-k", "gthread", "--threads", "4")
                                .expecting("Error handling request", "^Traceback"));
        django =
                SERVERS.start(
                        Launch.app("django_site.wsgi:application")
                                .frameworks()
                                .args("-k", "gthread", "--threads", "4"));
        for (ServerProcess server : List.of(flask, django)) {
            server.awaitReady(1);
            Files.writeString(server.directory().resolve("data.bin"), CONTENT, ISO_8859_1);
        }
    }

    @Test
    void flaskStreamsArriveWhileTheyAreMadeAndKeepTheirContexts() throws IOException {
        try (RawHttp one = gated(flask, "one");
                RawHttp two = gated(flask, "two");
                RawHttp three = gated(flask, "three")) {
            assertReleased(flask, three, "three", "three three\n");
            assertReleased(flask, one, "one", "one one\n");
            assertReleased(flask, two, "two", "two two\n");
        }
    }

    @Test
    void flaskStreamThatRaisesIsVisiblyUnfinishedAndItsWorkerLivesOn() throws IOException {
        Set<Long> workers = flask.workers();

        try (RawHttp http = flask.connect()) {
            http.send("GET /breaks HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(http.readHead().isOk()).isTrue();
            assertThat(http.readChunk()).contains("first\n");
            assertThatThrownBy(http::readChunk).isInstanceOf(EOFException.class);
        }
        flask.awaitLine("flask_app/__init__\\.py\", line \\d+, in pieces$");
        flask.awaitLine("^ValueError: a mistake in a stream$");
        assertThat(flask.get("/").text()).isEqualTo("Hello from Flask");
        assertThat(flask.workers()).isEqualTo(workers);
    }

    @Test
    void flaskSendsAFile() throws IOException {
        Response file = flask.get("/file");

        assertThat(file.header("Content-Length")).contains(LENGTH);
        assertThat(file.header("Content-Type")).contains("application/octet-stream");
        assertThat(sha256(file.body())).isEqualTo(HASH);
        assertThat(head(flask, "/file").header("Content-Length")).contains(LENGTH);
    }

    @Test
    void flaskSendsPartsOfAFile() throws IOException {
        assertPart("1000000-1999999", "1000000-1999999", CONTENT.substring(1_000_000, 2_000_000));
        assertPart("0-0", "0-0", CONTENT.substring(0, 1));
        assertPart("-17", "3000000-3000016", CONTENT.substring(3_000_000));
        assertPart("2999999-", "2999999-3000016", CONTENT.substring(2_999_999));

        Response beyond = get(flask, "/file", "Range: bytes=" + LENGTH + "-");
        assertThat(beyond.status()).isEqualTo(416);
        assertThat(beyond.header("Content-Range")).contains("bytes */" + LENGTH);
    }

    @Test
    void flaskSendsAFileAgainOnlyIfItHasChanged() throws IOException {
        try (RawHttp http = flask.connect()) {
            Response file = http.request("HEAD", "/file", "");
            String etag = file.header("ETag").orElseThrow();
            String modified = file.header("Last-Modified").orElseThrow();

            Response same = http.request("GET", "/file", "", "If-None-Match: " + etag);
            Response old = http.request("GET", "/file", "", "If-Modified-Since: " + modified);
            Response next = http.get("/");
            Response other = http.request("GET", "/file", "", "If-None-Match: \"other\"");

            assertThat(same.status()).isEqualTo(304);
            assertThat(same.header("ETag")).contains(etag);
            assertThat(old.status()).isEqualTo(304);
            assertThat(next.text()).as("right behind two 304s").isEqualTo("Hello from Flask");
            assertThat(sha256(other.body())).isEqualTo(HASH);
        }
    }

    @Test
    void flaskReadsAnUploadOfUnknownLength() throws IOException {
        String answer = postChunked(flask, "/digest", chunks(CONTENT, 1, 10, 8191, 65_537)).text();

        assertThat(answer).contains("\"size\":" + LENGTH, "\"sha256\":\"" + HASH + "\"");
    }

    @Test
    void uploadsCutShortDoNotHarmTheNext() throws IOException {
        String half = CONTENT.substring(0, CONTENT.length() / 2);
        for (int i = 0; i < 5; i++) { // more than there are threads
            try (RawHttp http = flask.connect()) {
                http.send("POST /digest HTTP/1.1\r\nHost: test\r\n");
                http.send("Content-Length: " + LENGTH + "\r\n\r\n" + half);
            }
            try (RawHttp http = flask.connect()) {
                http.send("POST /digest HTTP/1.1\r\nHost: test\r\n");
                http.send("Transfer-Encoding: chunked\r\n\r\n" + chunks(half, 10_000));
            }
        }

        assertThat(post(flask, "/digest", CONTENT).text()).contains(HASH);
        assertThat(flask.get("/").text()).isEqualTo("Hello from Flask");
    }

    @Test
    void djangoStreamArrivesWhileItIsMade() throws IOException {
        try (RawHttp one = gated(django, "one");
                RawHttp two = gated(django, "two")) {
            assertReleased(django, two, "two", "two\n");
            assertReleased(django, one, "one", "one\n");
        }
    }

    @Test
    void djangoSendsAFile() throws IOException {
        Response file = django.get("/file");

        assertThat(file.header("Content-Length")).contains(LENGTH);
        assertThat(file.header("Content-Type")).contains("application/octet-stream");
        assertThat(file.header("Content-Disposition"))
                .contains("attachment; filename*=utf-8''donn%C3%A9es.bin");
        assertThat(sha256(file.body())).isEqualTo(HASH);
        assertThat(head(django, "/file").header("Content-Length")).contains(LENGTH);
    }

    @Test
    void djangoStoresALargeUploadInAFileUntilItIsAnswered() throws IOException {
        String small = post(django, "/upload", form("small", "0123"), MULTIPART).text();
        String large = post(django, "/upload", form("large", CONTENT), MULTIPART).text();

        assertThat(small)
                .contains("\"type\": \"InMemoryUploadedFile\"", "\"note\": \"small\"")
                .contains("\"size\": 4", sha256("0123"));
        assertThat(large)
                .contains("\"type\": \"TemporaryUploadedFile\"", "\"note\": \"large\"")
                .contains("\"size\": " + LENGTH, HASH);
        Matcher stored = Pattern.compile("\"path\": \"([^\"]+)\"").matcher(large);
        assertThat(stored.find()).isTrue();
        Path path = Path.of(stored.group(1));
        // Django deletes it when the server calls close() of the response.
        django.awaitThat(path + " is gone", () -> !Files.exists(path));
    }

    /** A stream whose first piece has come; the second is made when the gate is opened. */
    private static RawHttp gated(ServerProcess server, String gate) throws IOException {
        RawHttp http = server.connect();
        http.send("GET /gated/" + gate + "?word=" + gate + " HTTP/1.1\r\nHost: test\r\n\r\n");
        assertThat(http.readHead().header("Transfer-Encoding")).contains("chunked");
        assertThat(http.readChunk()).contains("first\n");
        return http;
    }

    /** Another request opens the gate; then the second piece comes, and the end. */
    private static void assertReleased(
            ServerProcess server, RawHttp stream, String gate, String second) throws IOException {
        assertThat(server.get("/release/" + gate + "?word=other").isOk()).isTrue();
        assertThat(stream.readChunk()).contains(second);
        assertThat(stream.readChunk()).isEmpty();
    }

    private static void assertPart(String asked, String sent, String bytes) throws IOException {
        Response part = get(flask, "/file", "Range: bytes=" + asked);

        assertThat(part.status()).as(asked).isEqualTo(206);
        assertThat(part.header("Content-Range")).contains("bytes " + sent + "/" + LENGTH);
        assertThat(part.header("Content-Length")).contains("" + bytes.length());
        assertThat(sha256(part.body())).as(asked).isEqualTo(sha256(bytes));
    }
}
