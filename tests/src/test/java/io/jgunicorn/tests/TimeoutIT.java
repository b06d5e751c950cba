package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.ProcessTree;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.Response;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code timeout} and {@code request_timeout}: what is stuck is answered for, named, replaced. */
class TimeoutIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    @Test
    @Tag("product") // gunicorn answers 500
    void syncRequestBeyondTheTimeoutGets504() throws Exception {
        assertStuckRequestIsEnded(
                Launch.app("spin:app").args("-w", "2", "-k", "sync", "--timeout", "2"));
    }

    @Test
    @Tag("product") // gunicorn has no request_timeout
    void threadedRequestBeyondTheRequestTimeoutGets504() throws Exception {
        assertStuckRequestIsEnded(
                Launch.app("spin:app")
                        .args("-w", "2", "-k", "gthread", "--threads", "4")
                        .args("--request-timeout", "2"));
    }

    @Test
    void streamLongerThanTheTimeoutIsNotCutUnderGthread() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("spin:app")
                                .copy("pid")
                                .args("-k", "gthread", "--threads", "4", "--timeout", "2"));
        server.awaitReady(1);

        Response response = server.get("/drip?seconds=10");

        assertThat(response.isOk()).isTrue();
        assertThat(response.body()).endsWith("drop\nend\n");
        assertThat(server.log().matching(0, "WORKER TIMEOUT")).isEmpty();
    }

    @Test
    void frozenWorkerMissesItsHeartbeatAndIsReplaced() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .args("-w", "2", "-k", "gthread", "--timeout", "3")
                                .expecting("WORKER TIMEOUT", "was sent SIG"));
        server.awaitReady(2);
        server.awaitAnswersFrom(2, "/?seconds=0.2");
        long frozen = server.workers().iterator().next();

        ProcessTree.signal("STOP", List.of(frozen));

        server.awaitLine("\\[CRITICAL\\] WORKER TIMEOUT \\(pid:" + frozen + "\\)$");
        server.awaitThat("the frozen worker to go", () -> !ProcessTree.isAlive(frozen));
        server.log().await(0, "Booting worker", 3, PATIENCE);
        assertThat(server.awaitAnswersFrom(2, "/?seconds=0.2")).doesNotContain(frozen);
    }

    @Test
    void slowImportIsNoTimeout() {
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("late:app")
                                .copy("pid")
                                .file(
                                        "late.py",
                                        "import time\ntime.sleep(5)\nfrom pid import app\n")
                                .args("--timeout", "2"));
        server.awaitReady(1);

        assertThat(server.log().matching(0, "WORKER TIMEOUT")).isEmpty();
        assertThat(server.log().matching(0, "Booting worker")).hasSize(1);
    }

    private static void assertStuckRequestIsEnded(Launch launch) throws Exception {
        ServerProcess server =
                SERVERS.start(
                        launch.copy("pid")
                                .expecting(
                                        "WORKER TIMEOUT",
                                        "was sent SIG",
                                        "GET /spin",
                                        "Traceback"));
        server.awaitReady(2);
        Set<Long> before = server.awaitAnswersFrom(2, "/?seconds=0.2");

        try (RawHttp client = server.connect();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime();
            CompletableFuture<Response> stuck =
                    CompletableFuture.supplyAsync(() -> spin(client), executor);
            while (!stuck.isDone()) {
                assertAnswersAtOnce(server);
            }
            assertThat(response(stuck).status()).isEqualTo(504);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(1_500), Duration.ofSeconds(20));
        }

        long victim =
                Long.parseLong(
                        server.awaitLine("\\[CRITICAL\\] WORKER TIMEOUT \\(pid:(\\d+)\\)")
                                .group(1));
        server.awaitLine("GET /spin");
        server.awaitLine("spin\\.py\", line \\d+,? in spin_for_ever");
        assertThat(before).contains(victim);
        server.awaitThat(
                "a new worker in the place of the old one",
                () -> {
                    assertAnswersAtOnce(server);
                    return server.workers().size() == 2 && !server.workers().contains(victim);
                });
        assertThat(server.awaitAnswersFrom(2, "/?seconds=0.2")).doesNotContain(victim);
    }

    private static Response spin(RawHttp client) {
        try {
            return client.get("/spin");
        } catch (IOException e) {
            throw new IllegalStateException("GET /spin: " + e, e);
        }
    }

    private static Response response(CompletableFuture<Response> future)
            throws InterruptedException, ExecutionException {
        return future.get();
    }

    /** A request on a new connection is served while another worker is stuck. */
    private static void assertAnswersAtOnce(ServerProcess server) {
        try (RawHttp http = RawHttp.connect(server.address(), Duration.ofSeconds(10))) {
            assertThat(http.request("GET", "/", "", "Connection: close").isOk()).isTrue();
        } catch (IOException e) {
            throw new AssertionError(
                    "a healthy worker did not answer: " + e + server.log().last(), e);
        }
    }
}
