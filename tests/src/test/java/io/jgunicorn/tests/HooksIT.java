package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The functions of a configuration file are called, in gunicorn's order, in the right process. */
class HooksIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    private static final Pattern HOOK = Pattern.compile("\\[(\\d+)\\] \\[INFO\\] hook (.*)$");

    @Test
    void hooksOfAWholeLifeAreCalledInOrder() {
        ServerProcess server =
                SERVERS.start(Launch.app("hello:app").config("hooks").args("-w", "1"));
        server.awaitLine("Listening at");
        server.get("/first");
        server.awaitLine("hook post_request /first");
        server.get("/second");
        server.awaitLine("hook post_request /second");
        long worker = server.workers().iterator().next();
        server.signal("TERM");
        assertThat(server.awaitExit()).isZero();

        assertThat(calls(server).map(call -> call.replace("(pid: " + worker + ")", "(worker)")))
                .containsExactly(
                        "master: nworkers_changed from None to 1",
                        "master: on_starting",
                        "master: when_ready. Spawning workers",
                        "master: pre_fork age 1",
                        "worker: post_fork (worker)",
                        "worker: post_worker_init (worker)",
                        "worker: pre_request GET /first",
                        "worker: post_request /first 200 OK",
                        "worker: pre_request GET /second",
                        "worker: post_request /second 200 OK",
                        "worker: worker_exit (worker)",
                        "master: child_exit (worker)",
                        "master: on_exit");
    }

    @Test
    void workerIntIsCalledOnAQuickStop() {
        ServerProcess server =
                SERVERS.start(Launch.app("hello:app").config("hooks").args("-w", "1"));
        server.get("/");
        long worker = server.workers().iterator().next();
        server.signal("INT");

        assertThat(server.awaitExit()).isZero();
        assertThat(calls(server)).contains("worker: worker_int (pid: " + worker + ")");
    }

    @Test
    void nworkersChangedTellsOldAndNewNumber() {
        ServerProcess server =
                SERVERS.start(Launch.app("hello:app").config("hooks").args("-w", "1"));
        server.awaitReady(1);
        server.signal("TTIN");

        server.awaitLine("hook nworkers_changed from 1 to 2$");
        server.awaitLine("hook pre_fork age 2$");
    }

    @Test
    void pythonObjectsOfTheWorkerAreKeptBetweenItsHooks() {
        Launch launch =
                Launch.app("hello:app")
                        .file(
                                "gunicorn.conf.py",
                                """
                                seen = []
                                def post_fork(server, worker):
                                    seen.append("forked")
                                def post_request(worker, req, environ, resp):
                                    seen.append(environ["PATH_INFO"])
                                def worker_exit(server, worker):
                                    server.log.info("seen: %s", " ".join(seen))
                                """);
        ServerProcess server = SERVERS.start(launch);
        server.get("/one");
        server.get("/two");
        server.signal("TERM");

        assertThat(server.awaitExit()).isZero();
        server.awaitLine("seen: forked /one /two$");
    }

    /** Every hook line, with the process it was called in. */
    private static Stream<String> calls(ServerProcess server) {
        List<String> lines = server.log().texts();
        String master = Long.toString(server.pid());
        return lines.stream()
                .map(HOOK::matcher)
                .filter(Matcher::find)
                .map(m -> (m.group(1).equals(master) ? "master: " : "worker: ") + m.group(2));
    }
}
