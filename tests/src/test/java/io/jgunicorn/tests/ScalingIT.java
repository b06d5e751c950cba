package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Load;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The number of workers follows the load, without a request lost. */
@Tag("product") // gunicorn has no such settings
class ScalingIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    /** Waits as long as a request to a database would, holding a thread. */
    private static final String WAITING =
            """
            import os, time

            def app(environ, start_response):
                time.sleep(0.05)
                body = str(os.getpid()).encode()
                start_response("200 OK", [("Content-Length", str(len(body)))])
                return [body]
            """;

    @ParameterizedTest
    @ValueSource(strings = {"busyness", "spare", "backlog"})
    void workersComeWithTheLoadAndGoAfterIt(String algorithm) {
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("waiting:app")
                                .file("waiting.py", WAITING)
                                .args("-w", "1", "--max-workers", "2")
                                .args("--scaling-algorithm", algorithm)
                                .args("--scaling-down-after", "2"));
        server.awaitReady(1);

        try (Load load = Load.untilStopped(server.address(), "/", 4)) {
            server.awaitLine("\\[INFO\\] Scaling from 1 to 2 workers: \\d+ % busy, \\d+ waiting$");
            load.awaitDistinctBodies(2, PATIENCE);
            load.awaitAnswers(50, PATIENCE);
            assertThat(load.stop().failures()).isEmpty();
        }

        server.awaitLine("\\[INFO\\] Scaling from 2 to 1 workers: 0 % busy, 0 waiting$");
        server.awaitThat("one worker to leave", () -> server.workers().size() == 1);
        assertThat(server.get("/").isOk()).isTrue();
    }

    @Test
    void startOutsideTheBoundsIsRefused() {
        ServerProcess server =
                SERVERS.start(Launch.app("pid:app").args("-w", "5", "--max-workers", "4"));

        assertThat(server.awaitExit()).isEqualTo(1);
        server.awaitLine(
                "^Error: workers = 5 cannot be used: it must be min_workers \\(1\\) to"
                        + " max_workers \\(4\\)\\.$");
    }
}
