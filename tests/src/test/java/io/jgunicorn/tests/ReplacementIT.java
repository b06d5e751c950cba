package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Load;
import io.jgunicorn.testkit.ProcessTree;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers are replaced for their age and their memory, and by spares, without a request lost. */
@Tag("product") // gunicorn has none of these settings
class ReplacementIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    private static final String HOARD =
            """
            hoarded = []

            def app(environ, start_response):
                if environ["QUERY_STRING"]:
                    hoarded.append(bytearray(20 << 20))
                body = str(len(hoarded)).encode()
                start_response("200 OK", [("Content-Length", str(len(body)))])
                return [body]
            """;

    @Test
    void workerThatHasServedLongEnoughIsReplacedWithoutAFailedRequest() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .args("-w", "2", "--max-worker-lifetime", "2")
                                .args("--max-worker-lifetime-jitter", "1"));
        server.awaitReady(2);
        Set<Long> first = server.workers();

        try (Load load = Load.untilStopped(server.address(), "/", 4)) {
            server.awaitLine(
                    "\\[INFO\\] Autorestarting worker: it has served for \\d+ s"
                            + " \\(max_worker_lifetime\\)$");
            server.awaitThat(
                    "both first workers to be replaced",
                    () -> Collections.disjoint(server.workers(), first));
            load.awaitAnswers(100, PATIENCE);
            Load.Result result = load.stop();

            assertThat(result.failures()).isEmpty();
            assertThat(result.statuses()).containsOnlyKeys(200);
        }
    }

    @Test
    void workerThatTakesTooMuchMemoryIsReplaced() {
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("hoard:app")
                                .file("hoard.py", HOARD)
                                .args("--worker-memory", "1G", "--max-worker-memory", "700M"));
        server.awaitReady(1);
        Set<Long> first = server.workers();

        for (int i = 0; i < 25; i++) { // 500 MB
            assertThat(server.get("/?hoard").isOk()).isTrue();
        }

        server.awaitLine(
                "\\[INFO\\] Autorestarting worker: it takes \\d+ MB \\(max_worker_memory\\)$");
        server.awaitThat("the first one to go", () -> !server.workers().containsAll(first));
        assertThat(server.get("/").body()).isEqualTo("0");
    }

    @Test
    void spareTakesOverWhereAWorkerIsKilled() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .args("-w", "1", "--spare-workers", "1")
                                .expecting("was sent SIGKILL!"));
        server.awaitReady(2);
        long first = Long.parseLong(server.get("/").body());
        Set<Long> spare = new HashSet<>(server.workers());
        spare.remove(first);
        assertThat(spare).hasSize(1);
        int mark = server.log().mark();

        ProcessTree.signal("KILL", List.of(first));
        server.awaitLineAfter(mark, "\\[INFO\\] Spare worker takes over \\(pid: (\\d+)\\)$");

        assertThat(server.get("/").body()).isEqualTo("" + spare.iterator().next());
        server.awaitLineAfter(mark, "Worker ready after"); // the next spare
        assertThat(server.workers()).hasSize(2);
    }

    @Test
    void sparesTakeNoConnections() {
        ServerProcess server =
                SERVERS.start(Launch.app("pid:app").args("-w", "1", "--spare-workers", "1"));
        server.awaitReady(2);

        try (Load load = Load.start(server.address(), "/", 16, 2000)) {
            Load.Result result = load.join(PATIENCE);

            assertThat(result.failures()).isEmpty();
            assertThat(result.bodies()).hasSize(1);
        }
    }
}
