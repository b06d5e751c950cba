package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.ProcessTree;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void hooksSeeWhatGunicornShowsThem() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app")
                                .config("attributes")
                                .args("--pid", "app.pid", "--max-requests", "1000"));
        server.awaitLine("Worker ready after");
        try (RawHttp client = server.connect()) {
            client.request("GET", "/a%20b?c=d", "", "X-One: 1");
        }
        server.awaitLine("post_request: ");
        long worker = server.workers().iterator().next();
        int port = ((InetSocketAddress) server.address()).getPort();
        server.signal("TERM");
        assertThat(server.awaitExit()).isZero();

        String url = "http://127.0.0.1:" + port;
        assertThat(told(server))
                .containsEntry(
                        "when_ready",
                        "master=%d Master 0 0 attributes [('127.0.0.1', 0)] 1 30 ThreadWorker 0 %s %s False {} [('%s', '127.0.0.1', %d)] True Application False None"
                                .formatted(server.pid(), "app.pid", server.pid(), url, port))
                .containsEntry("pre_fork", "1 [booting] %d 0 True False".formatted(server.pid()))
                .containsEntry(
                        "post_fork",
                        "<Worker %d> %d %d 1 [('%s', '127.0.0.1', %d)] True"
                                .formatted(worker, worker, server.pid(), url, port))
                .containsEntry(
                        "post_worker_init",
                        "True 0 1000 True False False 30 True None True ThreadWorker True (2, 0) True")
                .containsEntry(
                        "pre_request",
                        "GET /a%20b?c=d /a%20b c=d  (1, 1) http 127.0.0.1 True 1 None [] [('X-ONE', '1')] False True")
                .containsEntry(
                        "post_request", "/a b 200 OK 200 True True 0 False False True True 1 True")
                .containsEntry("worker_exit", "True True 1")
                .containsEntry("child_exit", worker + " [] True")
                .containsEntry("on_exit", "[]");
    }

    @Test
    void listeningSocketsCanBeLookedAt() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app")
                                .args("--bind", "unix:app.sock")
                                .file(
                                        "gunicorn.conf.py",
                                        """
                                        import socket
                                        def look(log, sockets):
                                            log.info(
                                                "sockets: %s",
                                                [(type(s).__name__, s.sock.family.name, s.fileno() > 2) for s in sockets])
                                            accepting = sockets[0].sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
                                            log.info("accepting: %s", accepting)
                                        def when_ready(server):
                                            look(server.log, server.LISTENERS)
                                        def post_request(worker, req, environ, resp):
                                            look(worker.log, worker.sockets)
                                        """));
        String expected =
                "sockets: \\[\\('TCPSocket', 'AF_INET', True\\), \\('UnixSocket', 'AF_UNIX', True\\)\\]$";
        server.awaitLine(expected);
        int mark = server.log().mark();
        server.awaitReady(1);
        assertThat(server.get("/").status()).isEqualTo(200);
        server.awaitLineAfter(mark, expected);
        server.awaitLineAfter(mark, "accepting: 1$");
        assertThat(server.get("/").status()).isEqualTo(200);
    }

    @Test
    void hooksScaleReloadAndEndTheServer() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app")
                                .file(
                                        "gunicorn.conf.py",
                                        """
                                        def when_ready(server):
                                            server.num_workers = 2
                                        def nworkers_changed(server, new, old):
                                            server.log.info("from %s to %s, then %s", old, new, server.num_workers)
                                        def post_worker_init(worker):
                                            worker.log.info("worker %s", worker.age)
                                        def on_reload(server):
                                            server.log.info("reloaded")
                                        def post_request(worker, req, environ, resp):
                                            if req.path == "/reload":
                                                server_of(worker).reload()
                                        def post_fork(server, worker):
                                            worker.server = server
                                        def server_of(worker):
                                            return worker.server
                                        def child_exit(server, worker):
                                            server.halt("a worker has gone", 9)
                                        """)
                                .expecting("a worker has gone", "Shutting down: Master"));
        server.awaitLine("from 1 to 2, then 2$");
        server.awaitLine("worker 2$");
        server.awaitReady(2);
        server.get("/reload");
        server.awaitLine("reloaded$");

        assertThat(server.awaitExit()).isEqualTo(9);
        server.awaitLine("Reason: a worker has gone$");
    }

    @ParameterizedTest
    @CsvSource({"on_starting,1", "when_ready,1", "post_fork,3", "post_worker_init,3"})
    void hookThatRaisesAtTheStartEndsIt(String hook, int status) {
        ServerProcess server = SERVERS.start(raising(hook, status == 3));

        assertThat(server.awaitExit()).isEqualTo(status);
        assertThat(server.log().texts())
                .contains("Traceback (most recent call last):", "KeyError: 'raised'")
                .anyMatch(line -> line.contains("gunicorn.conf.py\", line 4, in " + hook));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pre_fork", "child_exit", "nworkers_changed"})
    void hookThatRaisesInTheLoopEndsTheServer(String hook) {
        ServerProcess server = SERVERS.start(raising(hook, false));
        if (!hook.equals("pre_fork")) {
            server.awaitReady(1);
            if (hook.equals("child_exit")) {
                ProcessTree.signal("TERM", server.workers());
            } else {
                server.signal("TTIN");
            }
        }

        assertThat(server.awaitExit()).isEqualTo(255);
        server.awaitLine("\\[ERROR\\] Unhandled exception in main loop$");
        assertThat(server.log().texts()).contains("KeyError: 'raised'");
    }

    @Test
    @Tag("product") // gunicorn runs it in a fork
    void preExecIsCalledBeforeAnotherMasterIsStarted() {
        String configuration =
                """
                import os
                def pre_exec(server):
                    server.log.info("hook pre_exec")
                    if os.path.exists("refuse"):
                        raise ValueError("not now")
                def when_ready(server):
                    server.log.info("%s after %s", server.master_name, server.master_pid)
                def child_exit(server, worker):
                    server.log.info("succeeded by %s", server.reexec_pid)
                """;
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app")
                                .file("gunicorn.conf.py", configuration)
                                .file("refuse", "")
                                .expecting("Traceback", "not now", "pre_exec", "The new master"));
        server.awaitLine("Master after 0$");
        server.awaitReady(1);
        server.signal("USR2");
        server.awaitLine("\\[ERROR\\] Exception in pre_exec hook$");
        server.awaitLine("ValueError: not now$");
        server.awaitLine("No new master can be started: the hook pre_exec has failed$");

        assertThat(server.directory().resolve("refuse").toFile().delete()).isTrue();
        int mark = server.log().mark();
        server.signal("USR2");
        server.awaitLineAfter(mark, "\\[" + server.pid() + "\\] \\[INFO\\] hook pre_exec$");
        String another =
                server.awaitLineAfter(
                                mark,
                                "\\[(\\d+)\\] \\[INFO\\] Master\\.2 after " + server.pid() + "$")
                        .group(1);
        server.awaitLineAfter(mark, "Worker ready after");
        ProcessTree.signal("TERM", server.workers());
        server.awaitLineAfter(mark, "succeeded by " + another + "$");
        ProcessTree.signal("TERM", List.of(Long.valueOf(another)));
        server.awaitLineAfter(mark, "The new master \\(pid:" + another + "\\) ended");
    }

    @Test
    @Tag("product") // gunicorn ends
    void hookThatRaisesAtAReloadLeavesTheWorkers() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .file(
                                        "gunicorn.conf.py",
                                        "def on_reload(server): raise KeyError('raised')\n")
                                .expecting("Traceback", "KeyError", "on_reload", "Reload failed")
                                .expecting("Exception in a hook of the new configuration"));
        server.awaitReady(1);
        String worker = server.get("/").body();
        server.signal("HUP");

        server.awaitLine("\\[ERROR\\] Exception in a hook of the new configuration$");
        server.awaitLine("^KeyError: 'raised'$");
        server.awaitLine("Reload failed, nothing has changed: a hook has failed$");
        assertThat(server.get("/").body()).isEqualTo(worker);
    }

    @Test
    void exitOfAHookIsTheExitOfTheServer() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app")
                                .file(
                                        "gunicorn.conf.py",
                                        "import sys\ndef pre_fork(server, worker): sys.exit(6)\n"));
        assertThat(server.awaitExit()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"post_request", "worker_exit"})
    void hookThatRaisesInAWorkerIsLogged(String hook) {
        ServerProcess server = SERVERS.start(raising(hook, false));
        assertThat(server.get("/").status()).isEqualTo(200);
        assertThat(server.get("/").status()).isEqualTo(200);
        server.signal("TERM");

        assertThat(server.awaitExit()).isZero();
        server.awaitLine(
                hook.equals("worker_exit")
                        ? "\\[WARNING\\] Exception during worker_exit hook$"
                        : "\\[ERROR\\] Exception in post_request hook$");
        assertThat(server.log().texts()).contains("KeyError: 'raised'");
    }

    private static Launch raising(String hook, boolean inWorker) {
        String parameters =
                switch (hook) {
                    case "on_starting", "when_ready" -> "server";
                    case "post_worker_init" -> "worker";
                    case "post_request" -> "worker, req, environ, resp";
                    case "nworkers_changed" -> "server, new, old";
                    default -> "server, worker";
                };
        String condition = hook.equals("nworkers_changed") ? "old is not None" : "True";
        Launch launch =
                Launch.app("hello:app")
                        .file(
                                "gunicorn.conf.py",
                                "\ndef %s(%s):\n    if %s:\n        raise KeyError('raised')\n"
                                        .formatted(hook, parameters, condition))
                        .expecting(
                                "Traceback",
                                "KeyError: 'raised'",
                                "Unhandled exception",
                                "Exception in");
        return inWorker
                ? launch.expecting(
                        "exited with code 3", "Worker failed to boot", "Shutting down: Master")
                : launch;
    }

    @Test
    void childExitMarksWorkersDeadForPrometheus() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("metrics:app")
                                .copy("multiprocess_metrics")
                                .args("-w", "2")
                                .file(
                                        "gunicorn.conf.py",
                                        """
                                        import os
                                        os.environ["PROMETHEUS_MULTIPROC_DIR"] = os.path.abspath("metrics.d")
                                        os.makedirs("metrics.d", exist_ok=True)
                                        from multiprocess_metrics import multiprocess
                                        def child_exit(server, worker):
                                            multiprocess.mark_process_dead(worker.pid)
                                            server.log.info("marked %s", worker.pid)
                                        """));
        server.awaitReady(2);
        Set<Long> workers = server.awaitAnswersFrom(2, "/");
        Path folder = server.directory().resolve("metrics.d");
        assertThat(files(folder)).hasSize(4);
        long leaving = workers.iterator().next();
        ProcessTree.signal("TERM", List.of(leaving));
        server.awaitLine("marked " + leaving + "$");

        assertThat(files(folder))
                .contains("counter_" + leaving + ".db")
                .doesNotContain("gauge_live_" + leaving + ".db");
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** What the configuration "attributes" has logged, the last line of each hook. */
    private static Map<String, String> told(ServerProcess server) {
        Pattern line = Pattern.compile("\\[INFO\\] (\\w+): (.*)$");
        Map<String, String> told = new HashMap<>();
        server.log().texts().stream()
                .map(line::matcher)
                .filter(Matcher::find)
                .forEach(m -> told.put(m.group(1), m.group(2)));
        return told;
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
