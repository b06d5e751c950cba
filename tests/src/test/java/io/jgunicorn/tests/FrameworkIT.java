package io.jgunicorn.tests;

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
        String body =
                """
                --cut\r
                Content-Disposition: form-data; name="note"\r
                \r
                a note\r
                --cut\r
                Content-Disposition: form-data; name="file"; filename="data.bin"\r
                Content-Type: application/octet-stream\r
                \r
                %s\r
                --cut--\r
                """
                        .formatted(content);
        try (RawHttp http = flask.connect()) {
            Response response =
                    http.request(
                            "POST",
                            "/upload",
                            body,
                            "Content-Type: multipart/form-data; boundary=cut");

            assertThat(response.text())
                    .contains(
                            "\"name\":\"data.bin\"",
                            "\"size\":700003",
                            "\"note\":\"a note\"",
                            "\"end\":\"end\"");
        }
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
