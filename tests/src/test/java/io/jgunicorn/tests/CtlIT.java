package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.ProcessTree;
import io.jgunicorn.testkit.Product;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code jgunicorn ctl}: what an operator asks of a running server. */
@Tag("product")
class CtlIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    /** Exit code and everything printed. */
    private record Answer(int code, String text) {}

    private static Answer ctl(ServerProcess server, String... words) {
        List<String> command = new ArrayList<>(Product.underTest().command());
        command.addAll(List.of("ctl", "-s", socket(server).toString()));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(process.waitFor(), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Path socket(ServerProcess server) {
        return server.directory().resolve("gunicorn.ctl");
    }

    @Test
    void statusShowsTheServerAndItsWorkers() {
        ServerProcess server =
                SERVERS.start(Launch.app("pid:app").args("-w", "1", "--spare-workers", "1"));
        server.awaitReady(2);
        server.awaitLine("\\[INFO\\] Control socket listening at " + socket(server) + "$");

        Answer answer = ctl(server, "status");

        assertThat(answer.code()).isZero();
        assertThat(answer.text())
                .containsPattern("pid: +" + server.pid() + "\n")
                .containsPattern("phase: +ready\n")
                .containsPattern("state: +Serving, 1 of 1 worker ready\n")
                .containsPattern("listeners: +http://127\\.0\\.0\\.1:\\d+\n")
                .containsPattern("serving: +1 of 1\n")
                .containsPattern("spares: +1 of 1\n")
                .containsPattern(
                        "pid +age +state +booted +aborted +last heartbeat +requests +last request")
                .containsPattern("\n  \\d+ +1 +serving +true +false +")
                .containsPattern("\n  \\d+ +2 +spare +true +false +");
        assertThat(ctl(server, "--json", "show", "workers").text())
                .contains("\"count\": 2", "\"state\": \"serving\"");
    }

    @Test
    void statusTellsThatTheLastReloadFailed() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("mine:app")
                                .file(
                                        "mine.py",
                                        """
                                        def app(environ, start_response):
                                            start_response("200 OK", [])
                                            return []
                                        """)
                                .expecting("\\[ERROR\\]", "Traceback", "\\[CRITICAL\\]"));
        server.awaitReady(1);
        Files.writeString(server.directory().resolve("mine.py"), "import nothing_there\n");

        assertThat(ctl(server, "reload").text()).contains("reloading");
        server.awaitLine("Reload failed, the running workers stay: ModuleNotFoundError: No module");

        assertThat(ctl(server, "status").text())
                .containsPattern("phase: +ready\n")
                .containsPattern(
                        "state: +Serving, 1 of 1 worker ready; the last reload failed:"
                                + " ModuleNotFoundError: .*nothing_there");
        assertThat(server.get("/").isOk()).isTrue();
    }

    @Test
    void secondServerThatTakesTheControlSocketSaysSo() {
        ServerProcess first = SERVERS.start(Launch.app("hello:app"));
        first.awaitLine("Control socket listening at");

        ServerProcess second =
                SERVERS.start(
                        Launch.app("hello:app").args("--control-socket", socket(first).toString()));

        second.awaitLine("\\[WARNING\\] Another server had this control socket");
    }

    @Test
    void workersAreAddedRemovedAndEnded() {
        ServerProcess server = SERVERS.start(Launch.app("pid:app"));
        server.awaitReady(1);
        Set<Long> first = server.workers();

        assertThat(ctl(server, "worker", "add").text())
                .containsPattern("added: +1\n")
                .containsPattern("total: +2\n");
        server.awaitThat("two workers", () -> server.workers().size() == 2);
        server.log().await(0, "Worker ready after", 2, ServerProcess.PATIENCE);
        ctl(server, "worker", "remove");
        server.awaitThat("one worker", () -> server.workers().size() == 1);
        assertThat(server.workers()).doesNotContainAnyElementsOf(first);

        long only = server.workers().iterator().next();
        assertThat(ctl(server, "worker", "kill", "" + only).text())
                .containsPattern("success: +true\n");
        server.awaitThat(
                "another worker",
                () -> !server.workers().isEmpty() && !server.workers().contains(only));
        assertThat(ctl(server, "worker", "kill", "1").text()).contains("Worker 1 not found");
    }

    @Test
    void reloadAndShutdownAreThoseOfTheSignals() {
        ServerProcess server = SERVERS.start(Launch.app("pid:app"));
        server.awaitReady(1);
        Set<Long> first = server.workers();

        assertThat(ctl(server, "reload").code()).isZero();
        server.awaitLine("\\[INFO\\] Handling signal: hup$");
        server.awaitThat(
                "a new worker",
                () -> server.workers().size() == 1 && !server.workers().equals(first));
        assertThat(ctl(server, "reopen").code()).isZero();
        server.awaitLine("\\[INFO\\] Handling signal: usr1$");

        assertThat(ctl(server, "shutdown").text()).contains("graceful");
        assertThat(server.awaitExit()).isZero();
        assertThat(socket(server)).doesNotExist();
        assertThat(ctl(server, "status").code()).isEqualTo(1);
    }

    /** Under this path of stacks.py a request stays inside the function of that name. */
    private static void enter(ServerProcess server, RawHttp client, String function)
            throws IOException {
        client.send("GET /" + function + " HTTP/1.1\r\nHost: x\r\n\r\n");
        server.awaitLine("inside " + function + "$");
    }

    @Test
    void stacksShowWhereBusyThreadsAre() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("stacks:app")
                                .args("-k", "gthread", "--threads", "4")
                                .args("--graceful-timeout", "1")
                                .expecting("graceful timeout", "was sent SIGKILL"));
        server.awaitReady(1);
        long pid = server.workers().iterator().next();
        try (RawHttp sleeping = server.connect();
                RawHttp spinning = server.connect();
                RawHttp receiving = server.connect()) {
            enter(server, receiving, "receive_nothing");
            server.awaitThat(
                    "it inside the native call",
                    () -> ctl(server, "stacks").text().contains("(Python did not answer"));
            enter(server, sleeping, "sleep_for_long");
            enter(server, spinning, "spin_for_ever");

            List<Answer> answers = new ArrayList<>();
            server.awaitThat( // on a busy machine Python may not answer in time
                    "the thread that computes to tell",
                    () -> {
                        answers.add(ctl(server, "stacks"));
                        return answers.getLast().text().contains("in spin_for_ever");
                    });
            Answer answer = answers.getLast();

            assertThat(answer.code()).isZero();
            assertThat(answer.text())
                    .startsWith("Worker " + pid + ", serving\n")
                    .containsPattern(
                            """
                              python-\\d, inside GET /sleep_for_long for [\\d.]+ s
                            (    File .*
                            )+    File ".*stacks.py", line \\d+, in app
                                File ".*stacks.py", line \\d+, in sleep_for_long
                                File ".*sleeping.py", line \\d+, in sleep
                            """)
                    .containsPattern(
                            """
                            , inside GET /spin_for_ever for [\\d.]+ s
                            (    File .*
                            )+    File ".*stacks.py", line \\d+, in spin_for_ever
                            """)
                    .containsPattern("inside GET /receive_nothing for [\\d.]+ s \\(Python did not")
                    .containsPattern("\n  consumer\n(    File .*\n)+.* in wait\n");
            server.awaitThat(
                    "the same as JSON",
                    () ->
                            Stream.of(
                                            "\"request\": \"GET /sleep_for_long\"",
                                            "\"function\": \"sleep_for_long\"",
                                            "\"language\": \"java\"")
                                    .allMatch(
                                            ctl(server, "--json", "stacks", "" + pid).text()
                                                    ::contains));
            assertThat(ctl(server, "stacks", "1").text()).contains("Worker 1 not found");
        }
    }

    @Test
    void stacksOfAWorkerThatHangsWhileItLoadsAreShown() {
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("late:app")
                                .file(
                                        "late.py",
                                        """
                                        import time
                                        def connect_to_database():
                                            print("loading", flush=True)
                                            time.sleep(600)
                                        connect_to_database()
                                        """));
        server.awaitLine("^loading$");

        assertThat(ctl(server, "stacks").text())
                .containsPattern("^Worker \\d+, booting\n  python-1\n")
                .contains("in connect_to_database\n");
    }

    @Test
    void workerThatCannotAnswerIsReportedAsSilent() {
        ServerProcess server = SERVERS.start(Launch.app("hello:app").args("-w", "2"));
        server.awaitReady(2);
        long frozen = server.workers().iterator().next();
        ProcessTree.signal("STOP", List.of(frozen));

        Answer answer = ctl(server, "stacks");
        ProcessTree.signal("CONT", List.of(frozen));

        assertThat(answer.code()).isZero();
        assertThat(answer.text())
                .contains("Worker " + frozen + ", serving: does not answer within 6 s\n")
                .containsPattern("Worker \\d+, serving\n  waiting for work: python-1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "logconfig_dict = {'loggers': {}}\n"})
    void logLevelIsChangedInAllProcessesUntilAReload(String logging) {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app")
                                .file(
                                        "gunicorn.conf.py",
                                        logging
                                                + """
                                        def pre_request(worker, req):
                                            worker.log.debug("hook saw %s", req.path)
                                        """));
        server.awaitReady(1);
        server.get("/before");

        assertThat(ctl(server, "loglevel", "loud").text())
                .contains(
                        "no log level 'loud': it is one of debug, info, warning, error, critical");
        assertThat(ctl(server, "loglevel", "debug").text())
                .containsPattern("loglevel: +debug\n")
                .containsPattern("configured: +info\n");
        server.awaitLine("Log level changed from info to debug$");
        server.awaitThat(
                "a worker that has heard of it",
                () -> {
                    server.get("/after");
                    return !server.log().matching(0, "\\[DEBUG\\] hook saw /after").isEmpty();
                });
        assertThat(server.log().matching(0, "hook saw /before")).isEmpty();

        ctl(server, "loglevel", "error");
        int quiet = server.log().mark();
        ctl(server, "worker", "add");
        server.awaitThat(
                "two serving workers",
                () -> ctl(server, "status").text().contains("serving:   2 of 2"));
        assertThat(server.log().matching(quiet, "Booting worker|Worker ready")).isEmpty();

        ctl(server, "reload");
        server.awaitLineAfter(quiet, "\\[INFO\\] Worker ready after");
        assertThat(ctl(server, "loglevel").text()).containsPattern("loglevel: +info\n");
    }

    @Test
    void drainedWorkerLeavesWhenItsReplacementServes() {
        ServerProcess server = SERVERS.start(Launch.app("pid:app"));
        server.awaitReady(1);
        long first = server.workers().iterator().next();

        assertThat(ctl(server, "worker", "drain", "" + first).text())
                .containsPattern("success: +true\n")
                .containsPattern("replacing: +" + first + "\n");

        server.awaitLine("\\[INFO\\] Worker \\(pid:" + first + "\\) is to be replaced$");
        server.awaitLine("\\[INFO\\] Worker exiting \\(pid: " + first + "\\)$");
        assertThat(server.log().matching(0, "Worker ready after")).hasSize(2);
        server.awaitThat("it to be gone", () -> !server.workers().contains(first));
        assertThat(ctl(server, "worker", "drain", "" + first).code()).isEqualTo(1);
    }

    @Test
    void commandNobodyKnowsIsRefused() {
        ServerProcess server = SERVERS.start(Launch.app("hello:app"));
        server.awaitReady(1);

        Answer answer = ctl(server, "make", "coffee");

        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.text())
                .contains("Error: Invalid argument: Unknown command: make coffee (see: help)\n");
    }
}
