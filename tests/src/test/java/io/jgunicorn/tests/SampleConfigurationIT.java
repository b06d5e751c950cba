package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Need;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.Response;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Configuration files as people have them, each used unchanged. */
class SampleConfigurationIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    @Test
    @Tag("product") // gunicorn needs the gevent package
    void manyGeventWorkersOnPort8080() throws IOException {
        ServerProcess server = SERVERS.start(Launch.app("pid:app").config("gevent"));
        server.awaitReady(PROCESSORS * 2 + 1);

        server.awaitLine("Listening at: http://0\\.0\\.0\\.0:8080 ");
        server.awaitLine("Using worker: gevent$");
        assertThat(server.workers()).hasSize(PROCESSORS * 2 + 1);
    }

    @Test
    void hooksAndLimits() throws IOException {
        ServerProcess server = SERVERS.start(Launch.app("hello:app").config("hooks"));
        int workers = Math.min(PROCESSORS * 2 + 1, 8);
        server.awaitReady(workers);

        assertThat(server.workers()).hasSize(workers);
        server.awaitLine("hook when_ready\\. Spawning workers$");
        try (RawHttp http = server.connect()) {
            Response tooLong = http.get("/" + "x".repeat(4094));
            assertThat(tooLong.status()).isEqualTo(400);
        }
        try (RawHttp http = server.connect()) {
            Response tooLarge = http.request("GET", "/", "", "X-Large: " + "x".repeat(8190));
            assertThat(tooLarge.status()).isEqualTo(431);
        }
        try (RawHttp http = server.connect()) {
            String[] headers = new String[101];
            for (int i = 0; i < headers.length; i++) {
                headers[i] = "X-" + i + ": 1";
            }
            assertThat(http.request("GET", "/", "", headers).status()).isEqualTo(431);
        }
    }

    /** That it shows at once is the work of the prepared worker: it must be the one to answer. */
    @Test
    void editedApplicationIsServedByThePreparedWorkerInDevelopment() throws IOException {
        ServerProcess server =
                SERVERS.start(Launch.spec("app:app").file("app.py", app("one")).config("dev"));
        server.awaitReady(1);
        server.awaitLine(
                "\\[WARNING\\].*Reloader is on|Reloader is on\\. Use in development only!");
        assertThat(server.get("/").body()).isEqualTo("one");
        String serving = server.awaitLine("Worker ready after .*\\(pid: (\\d+)\\)").group(1);
        // The serving one may have said it too, if it waited for its order to load.
        String prepared =
                server.awaitLine(
                                "Worker prepared for the next edit \\(pid: (?!"
                                        + serving
                                        + "\\))(\\d+)\\)")
                        .group(1);

        Files.writeString(server.directory().resolve("app.py"), app("another one"));

        server.awaitLine("Worker reloading: .*app\\.py modified");
        server.awaitThat(
                "the edited application to answer",
                () -> server.get("/").body().equals("another one"));
        server.awaitLine("Worker ready after .*\\(pid: " + prepared + "\\)");
    }

    @Test
    void preloadWithLogFiles() throws IOException {
        ServerProcess server = SERVERS.start(Launch.app("hello:app").config("preload"));
        Path socket = server.directory().resolve("app.sock");
        server.awaitThat("the socket file", () -> Files.exists(socket));

        try (RawHttp http = RawHttp.connect(UnixDomainSocketAddress.of(socket))) {
            assertThat(http.get("/one").body()).isEqualTo("Hello, world!\n");
        }
        Path access = server.directory().resolve("access.log");
        server.awaitThat("the access log", () -> read(access).contains("\"GET /one HTTP/1.1\""));
        assertThat(server.directory().resolve("error.log")).isEmptyFile();
        assertThat(server.log().texts()).isEmpty();
    }

    @Test
    void unixSocketBehindNginx(@TempDir Path directory) throws Exception {
        Path nginx = Need.program("nginx");
        ServerProcess server =
                SERVERS.start(Launch.app("wsgi_cases:app").config("nginx").args("-k", "gthread"));
        server.awaitReady(2);
        Path socket = server.directory().resolve("app.sock");
        assertThat(Files.getAttribute(socket, "unix:mode")).isEqualTo(0140770);

        Path front = directory.resolve("nginx.sock");
        Files.writeString(directory.resolve("nginx.conf"), nginxConf(socket, front));
        Process proxy =
                new ProcessBuilder(
                                List.of(
                                        nginx.toString(),
                                        "-p",
                                        directory.toString(),
                                        "-e",
                                        "stderr",
                                        "-c",
                                        directory.resolve("nginx.conf").toString()))
                        .inheritIO()
                        .start();
        try {
            server.awaitThat("nginx to listen", () -> Files.exists(front) || !proxy.isAlive());
            try (RawHttp http = RawHttp.connect(UnixDomainSocketAddress.of(front))) {
                for (int i = 0; i < 20; i++) {
                    assertThat(http.get("/hello").body()).isEqualTo("Hello, world!\n");
                }
                assertThat(http.request("POST", "/echo", "x".repeat(200_000)).body())
                        .hasSize(200_000);
                assertThat(http.get("/big?size=300000").body()).hasSize(300_000);
                assertThat(http.get("/environ_dump").body())
                        .contains("\"wsgi.url_scheme\": \"https\"")
                        .contains("\"HTTP_X_FORWARDED_FOR\": \"192.0.2.7\"")
                        .contains("\"HTTP_HOST\": \"test\"");
            }
            server.awaitLine("^192\\.0\\.2\\.7 GET /environ_dump 200$");
        } finally {
            proxy.destroy();
            proxy.waitFor();
        }
    }

    private static String read(Path path) {
        try {
            return Files.exists(path) ? Files.readString(path) : "";
        } catch (IOException e) {
            throw new AssertionError("cannot read " + path, e);
        }
    }

    private static String app(String body) {
        return """
        def app(environ, start_response):
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"%s"]
        """
                .formatted(body);
    }

    private static String nginxConf(Path upstream, Path front) {
        return """
        daemon off;
        user root;
        worker_processes 1;
        pid nginx.id;
        events { worker_connections 100; }
        http {
            access_log off;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            upstream app { server unix:%s fail_timeout=0; keepalive 4; }
            server {
                listen unix:%s;
                client_max_body_size 1m;
                location / {
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_set_header Host $http_host;
                    proxy_set_header X-Forwarded-For 192.0.2.7;
                    proxy_set_header X-Forwarded-Proto https;
                    proxy_pass http://app;
                }
            }
        }
        """
                .formatted(upstream, front);
    }
}
