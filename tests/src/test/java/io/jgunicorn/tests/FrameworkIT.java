package io.jgunicorn.tests;

import static io.jgunicorn.tests.Requests.MULTIPART;
import static io.jgunicorn.tests.Requests.chunks;
import static io.jgunicorn.tests.Requests.form;
import static io.jgunicorn.tests.Requests.get;
import static io.jgunicorn.tests.Requests.head;
import static io.jgunicorn.tests.Requests.post;
import static io.jgunicorn.tests.Requests.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.Response;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real frameworks: Flask 3.1 and Django 4.2 with SQLite and its admin. */
class FrameworkIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    private static ServerProcess flask;
    private static ServerProcess django;

    @BeforeAll
    static void start() {
        flask =
                SERVERS.start(
                        Launch.app("flask_app:app")
                                .frameworks()
                                .args("-k", "gthread", "--threads", "4")
                                .expecting("ERROR in app", "^Traceback"));
        django =
                SERVERS.start(
                        Launch.app("django_site.wsgi:application")
                                .frameworks()
                                .args("-k", "gthread", "--threads", "4")
                                .expecting("Traceback"));
        flask.awaitReady(1);
        django.awaitReady(1);
    }

    @Test
    void flaskAnswersTextAndJson() {
        assertThat(flask.get("/").text()).isEqualTo("Hello from Flask");
        Response json = flask.get("/json/21?q=caf%C3%A9");

        assertThat(json.header("Content-Type")).contains("application/json");
        assertThat(json.text()).contains("\"number\":21", "\"double\":42", "\"q\":\"caf\\u00e9\"");
    }

    @Test
    void flaskRendersATemplate() {
        assertThat(flask.get("/page/Ada%20%26%20Bob").text())
                .contains("<title>Ada &amp; Bob</title>", "<li>3: three</li>");
    }

    @Test
    void flaskStreams() {
        Response response = flask.get("/stream?word=tick");

        assertThat(response.header("Transfer-Encoding")).contains("chunked");
        assertThat(response.text()).isEqualTo("tick 0\ntick 1\ntick 2\ntick 3\ntick 4\n");
    }

    @Test
    void flaskTakesAnUpload() throws IOException {
        String content = "0123456789".repeat(70_000) + "end";

        assertThat(post(flask, "/upload", form("a note", content), MULTIPART).text())
                .contains(
                        "\"name\":\"data.bin\"",
                        "\"size\":700003",
                        "\"note\":\"a note\"",
                        "\"end\":\"end\"");
    }

    @Test
    void flaskUploadWaitsForContinue() throws IOException {
        String content = "0123456789".repeat(20_000);
        try (RawHttp http = flask.connect()) {
            http.send("POST /digest HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n");
            http.send("Content-Length: " + content.length() + "\r\n\r\n");
            assertThat(http.read().status()).isEqualTo(100);

            http.send(content);
            assertThat(http.read().text()).contains("\"size\":200000", sha256(content));
        }
    }

    @Test
    void flaskTakesAChunkedUploadWithTrailersAndDoesNotSeeThem() throws IOException {
        try (RawHttp http = flask.connect()) {
            http.send("POST /digest HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n");
            http.send("Trailer: X-Late\r\nX-Field: 1\r\n\r\n" + chunks("one two three", 5));
            http.send("0\r\nX-Late: 1\r\nX-Field: 2\r\n\r\n");

            assertThat(http.read().text())
                    .contains("\"size\":13", sha256("one two three"))
                    .contains("\"fields\":{\"X-Field\":\"1\"}");
            assertThat(http.get("/").text()).isEqualTo("Hello from Flask");
        }
    }

    @Test
    void flaskAnswersAnHttp10Client() throws IOException {
        try (RawHttp http = flask.connect()) {
            http.send("GET /stream?word=tick HTTP/1.0\r\n\r\n");
            assertThat(http.readHead().header("Transfer-Encoding")).isEmpty();
            assertThat(http.readToEnd()).isEqualTo("tick 0\ntick 1\ntick 2\ntick 3\ntick 4\n");
        }
        try (RawHttp http = flask.connect()) {
            http.send("POST /digest HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc");
            assertThat(http.read().text()).contains("\"size\":3", sha256("abc"));
        }
    }

    @Test
    void flaskAnswersHead() throws IOException {
        int length = flask.get("/page/Ada").body().length();

        assertThat(head(flask, "/page/Ada").header("Content-Length")).contains("" + length);
        assertThat(head(flask, "/stream?word=tick").isOk()).isTrue();
        assertThat(head(flask, "/nowhere").status()).isEqualTo(404);
    }

    /** Seen are PATH_INFO, QUERY_STRING, Flask's path and its arguments, as Python writes them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "//double//slash?a=1 | '//double//slash' 'a=1' '/double//slash' {'a': ['1']}",
                "/a%2Fb%2fc%25 | '/a/b/c%' '' '/a/b/c%' {}",
                "/a;v=1/b;c?d;e=f | '/a;v=1/b;c' 'd;e=f' '/a;v=1/b;c' {'d;e': ['f']}",
                "/caf%C3%A9/%E2%82%AC | '/caf\\xc3\\xa9/\\xe2\\x82\\xac' '' '/caf\\xe9/\\u20ac' {}",
                "/caf\u00c3\u00a9 | '/caf\\xc3\\xa9' '' '/caf\\xe9' {}",
                "/? | '/' '' '/' {}",
                "/a?b?c=%26&d=+&d | '/a' 'b?c=%26&d=+&d' '/a' {'b?c': ['&'], 'd': [' ', '']}",
                "/a/./b/../c | '/a/./b/../c' '' '/a/./b/../c' {}",
                "/%zz%4 | '/%zz%4' '' '/%zz%4' {}",
                "/a?b=c#d | '/a' 'b=c' '/a' {'b': ['c']}",
                "http://other/abs?q=1 | '/abs' 'q=1' '/abs' {'q': ['1']}",
            })
    void flaskSeesOddTargetsAsTheyAre(String target, String seen) throws IOException {
        String raw = "'" + target.replace("\u00c3\u00a9", "\\xc3\\xa9") + "'";

        assertThat(get(flask, target, "X-Show: RAW_URI PATH_INFO QUERY_STRING").text())
                .isEqualTo(raw + " " + seen);
    }

    @Test
    void flaskSeesRepeatedHeadersAsOne() throws IOException {
        Response seen =
                get(
                        flask,
                        "/",
                        "X-Show: HTTP_X_ONE HTTP_ACCEPT_LANGUAGE",
                        "X-One: 1",
                        "Accept-Language: fr",
                        "x-one: 2",
                        "Accept-Language: de;q=0.5");

        assertThat(seen.text()).isEqualTo("'1,2' 'fr,de;q=0.5' '/' {}");
    }

    @Test
    void flaskKeepsASession() throws IOException {
        try (RawHttp http = flask.connect()) {
            Response first = http.get("/count");
            Response second = http.request("GET", "/count", "", cookies(first));

            assertThat(first.text()).isEqualTo("1");
            assertThat(second.text()).isEqualTo("2");
        }
    }

    @Test
    void flaskAnswersItsErrors() {
        assertThat(flask.get("/error").status()).isEqualTo(500);
        flask.awaitLine("ValueError: a mistake in a view");
        assertThat(flask.get("/teapot").status()).isEqualTo(418);
        assertThat(flask.get("/nowhere").text()).contains("\"error\":\"Not Found\"");
    }

    @Test
    void djangoAnswersTextAndJson() {
        assertThat(django.get("/").text()).isEqualTo("Hello from Django");
        assertThat(django.get("/json/21?q=caf%C3%A9").text())
                .isEqualTo("{\"number\": 21, \"double\": 42, \"args\": {\"q\": \"caf\\u00e9\"}}");
    }

    @Test
    void djangoRendersATemplate() {
        assertThat(django.get("/page/Ada%20%26%20Bob").text())
                .contains("<title>Ada &amp; Bob</title>", "<li>3: three</li>");
        assertThat(django.get("/page/caf%C3%A9").text()).contains("<title>caf\u00e9</title>");
    }

    @Test
    void djangoAnswersHead() throws IOException {
        int length = django.get("/page/Ada").body().length();

        assertThat(head(django, "/page/Ada").header("Content-Length")).contains("" + length);
        assertThat(head(django, "/nowhere").status()).isEqualTo(404);
    }

    @Test
    void djangoSendsAPageAgainOnlyIfItHasChanged() throws IOException {
        try (RawHttp http = django.connect()) {
            Response page = http.get("/conditional");
            String etag = page.header("ETag").orElseThrow();
            Response same = http.request("GET", "/conditional", "", "If-None-Match: " + etag);
            Response other = http.request("GET", "/conditional", "", "If-None-Match: \"other\"");

            assertThat(page.text()).isEqualTo("the same every time");
            assertThat(same.status()).isEqualTo(304);
            assertThat(same.header("ETag")).contains(etag);
            assertThat(other.text()).isEqualTo("the same every time");
        }
    }

    @Test
    void djangoForbidsPostsWithoutATokenUnlessTheViewIsExempt() throws IOException {
        assertThat(post(django, "/json/21", "a=b").status()).isEqualTo(403);
        assertThat(post(django, "/upload", form("a note", "file"), MULTIPART).text())
                .contains("\"note\": \"a note\"", "\"name\": \"data.bin\"", "\"size\": 4");
    }

    @Test
    void djangoStoresAndQueriesInSqlite() {
        assertThat(django.get("/visits/Ada").text())
                .isEqualTo("{\"visits\": 1, \"first\": \"Ada\"}");
        assertThat(django.get("/visits/Ada").text())
                .isEqualTo("{\"visits\": 2, \"first\": \"Ada\"}");
    }

    @Test
    void djangoAdminLetsAUserIn() throws IOException {
        try (RawHttp http = django.connect()) {
            Response page = http.get("/admin/login/?next=/admin/");
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.text()).contains("Django administration");

            Matcher token =
                    Pattern.compile("name=\"csrfmiddlewaretoken\" value=\"(\\w+)\"")
                            .matcher(page.text());
            assertThat(token.find()).isTrue();
            Response login =
                    http.request(
                            "POST",
                            "/admin/login/?next=/admin/",
                            "username=ada&password=lovelace&next=/admin/&csrfmiddlewaretoken="
                                    + token.group(1),
                            "Content-Type: application/x-www-form-urlencoded",
                            cookies(page));
            assertThat(login.status()).as(login.text()).isEqualTo(302);
            assertThat(login.header("Location")).contains("/admin/");

            Response inside = http.request("GET", "/admin/", "", cookies(login));
            assertThat(inside.status()).isEqualTo(200);
            assertThat(inside.text()).contains("Site administration", "Visits", "Log out");
        }
    }

    @Test
    void djangoAnswersItsErrors() {
        assertThat(django.get("/error").status()).isEqualTo(500);
        assertThat(django.get("/nowhere").status()).isEqualTo(404);
        assertThat(django.get("/admin/").status()).isEqualTo(302);
    }

    /** The Cookie line that returns what a response has set. */
    private static String cookies(Response response) {
        return "Cookie: "
                + response.headers("Set-Cookie").stream()
                        .map(cookie -> cookie.split(";", 2)[0])
                        .collect(Collectors.joining("; "));
    }
}
