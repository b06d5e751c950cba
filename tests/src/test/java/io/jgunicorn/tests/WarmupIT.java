package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code warmup}: replayed before the worker is ready, and no traffic. */
@Tag("product") // gunicorn has none
class WarmupIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    @Test
    void requestsAreReplayedBeforeTheWorkerIsReadyAndAreNoTraffic() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("warmed:app")
                                .file(
                                        "requests.txt",
                                        """
                                        # as a browser sends them
                                        HEAD /page HTTP/1.1
                                        Host: shop.example

                                        GET /page?n=2 HTTP/1.1
                                        """)
                                .file(
                                        "gunicorn.conf.py",
                                        """
                                        warmup = ["/a?x=1", "file:requests.txt"]
                                        warmup_timeout = 0
                                        max_requests = 4
                                        accesslog = "-"
                                        def pre_request(worker, req):
                                            worker.log.info("pre_request %s", req.path)
                                        def post_request(worker, req, environ, resp):
                                            worker.log.info("post_request %s", req.path)
                                        """));

        server.awaitReady(1);
        String body = server.get("/seen").body();

        int port = ((InetSocketAddress) server.address()).getPort();
        assertThat(body)
                .isEqualTo(
                        """
                        [["/a", true, "GET", "x=1", "127.0.0.1:%1$d", "127.0.0.1", "%1$d"], \
                        ["/page", true, "HEAD", "", "shop.example", "127.0.0.1", "%1$d"], \
                        ["/page", true, "GET", "n=2", "127.0.0.1:%1$d", "127.0.0.1", "%1$d"]]"""
                                .formatted(port));
        server.awaitLine("post_request /seen$");
        server.awaitLine("\"GET /seen HTTP/1\\.1\" 200");
        List<String> log = server.log().texts();
        assertThat(
                        indexOf(
                                log,
                                "\\[INFO\\] Warmed up with 3 requests in \\d+\\.\\d s \\(pid: \\d+\\)"))
                .isBetween(0, indexOf(log, "Worker ready after") - 1);
        assertThat(server.log().matching(0, "(_request|\"GET|\"HEAD) /(a|page)")).isEmpty();
        assertThat(server.log().matching(0, "Autorestarting")).isEmpty();
    }

    @Test
    void requestsThatFailOrNeverReturnAreNamedAndDoNotStopTheBoot() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("warmed:app")
                                .args("--warmup", "/raises", "--warmup", "/unavailable")
                                .args("--warmup", "/fine", "--warmup", "/stuck")
                                .args("--warmup-timeout", "1"));

        server.awaitReady(1);

        assertThat(server.log().matching(0, "\\[WARNING\\]"))
                .hasSize(3)
                .anyMatch(
                        line ->
                                line.endsWith(
                                        "request GET /raises failed: ValueError: not warm yet"))
                .anyMatch(
                        line ->
                                line.endsWith(
                                        "request GET /unavailable was answered with 503 Come later"))
                .anyMatch(line -> line.contains("GET /stuck has not returned after 10 s"));
        server.awaitLine("Warmed up with 3 requests");
        assertThat(server.get("/").isOk()).isTrue();
    }

    @Test
    void newWorkersReplayWhatRunningOnesWereAskedLately() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("warmed:app")
                                .args("--warmup", "recent", "--warmup-timeout", "0")
                                .args("--log-level", "debug"));
        server.awaitReady(1);
        assertThat(server.log().matching(0, "Warmed up")).isEmpty();
        server.awaitLine("Requests for warm-ups to come: 1$");
        try (RawHttp http = server.connect()) {
            assertThat(http.request("GET", "/page?n=3", "", "Cookie: a=b").isOk()).isTrue();
        }
        server.awaitLine("Requests for warm-ups to come: 2$");

        server.signal("HUP");
        server.awaitLine("Warmed up with 2 requests");
        server.awaitThat("the new worker answers", () -> !server.get("/").body().equals("[]"));

        assertThat(server.get("/").body())
                .startsWith("[[\"/\", true, \"GET\", \"\", ")
                .contains(" [\"/page\", true, \"GET\", \"n=3\", ")
                .doesNotContain("a=b");
    }

    @Test
    void reloadSkipsTheWarmUp() {
        ServerProcess server =
                SERVERS.start(Launch.app("warmed:app").args("--warmup", "/", "--reload"));

        server.awaitReady(1);

        assertThat(server.get("/").body()).isEqualTo("[]");
        assertThat(server.log().matching(0, "Warmed up")).isEmpty();
    }

    @Test
    void malformedRequestStopsTheStart() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("warmed:app")
                                .file("requests.txt", "GET / HTTP/1.1\nHost\n")
                                .args("--warmup", "file:requests.txt"));

        assertThat(server.awaitExit()).isEqualTo(1);
        server.awaitLine(
                "^Error: warmup = 'file:requests.txt' cannot be used: line 2 of the file: 'Host' must"
                        + " be NAME: VALUE\\.$");
        assertThat(server.log().matching(0, "Booting worker")).isEmpty();
    }

    private static int indexOf(List<String> lines, String regex) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches(".*" + regex + ".*")) {
                return i;
            }
        }
        return -1;
    }
}
