package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Await;
import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Load;
import io.jgunicorn.testkit.ProcessTree;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The master keeps the workers it was asked for: respawning, recycling, scaling. */
class SupervisionIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    @Test
    void masterAndWorkersAreProcessesOfTheirOwn() {
        ServerProcess server = SERVERS.start(Launch.app("pid:app").args("-w", "3"));
        server.awaitReady(3);

        assertThat(server.workers()).hasSize(3).doesNotContain(server.pid());
        assertThat(server.awaitAnswersFrom(3, "/?seconds=0.2")).isEqualTo(server.workers());
        List<String> booted =
                server.log().matching(0, "Booting worker with pid: ").stream()
                        .map(line -> line.replaceAll(".*: ", ""))
                        .toList();
        assertThat(server.workers()).extracting(String::valueOf).hasSameElementsAs(booted);
    }

    @Test
    void killedWorkerIsReplacedAndOnlyItsRequestsFail() {
        int connections = 8;
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .args("-w", "2", "-k", "gthread", "--threads", "4")
                                .expecting("was sent SIGKILL!"));
        server.awaitReady(2);
        server.awaitAnswersFrom(2, "/?seconds=0.2");
        long victim = server.workers().iterator().next();

        try (Load load = Load.untilStopped(server.address(), "/", connections)) {
            load.awaitAnswers(200, PATIENCE);
            ProcessTree.signal("KILL", List.of(victim));
            server.awaitLine(
                    "\\[ERROR\\] Worker \\(pid:"
                            + victim
                            + "\\) was sent SIGKILL! Perhaps out of memory\\?$");
            server.log().await(0, "Booting worker with pid: ", 3, PATIENCE);
            load.awaitAnswers(200, PATIENCE);
            Load.Result result = load.stop();

            assertThat(result.statuses()).containsOnlyKeys(200);
            assertThat(result.failures()).hasSizeLessThanOrEqualTo(connections);
            assertThat(result.failures())
                    .allSatisfy(
                            failure -> assertThat(failure.previousBody()).isIn("" + victim, ""));
        }
        Set<Long> answering = server.awaitAnswersFrom(2, "/?seconds=0.2");
        assertThat(answering).doesNotContain(victim).isEqualTo(server.workers());
    }

    @Test
    @Tag("product") // gunicorn closes kept-alive connections unannounced
    void workersAreRecycledWithoutAFailedRequest() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .args("-w", "2", "-k", "gthread", "--threads", "4")
                                .args("--max-requests", "50", "--max-requests-jitter", "10"));
        server.awaitReady(2);

        Set<Long> first = server.workers();

        try (Load load = Load.untilStopped(server.address(), "/", 8)) {
            load.awaitAnswers(10_000, Duration.ofMinutes(2));
            server.awaitThat(
                    "both first workers to be replaced",
                    () -> Collections.disjoint(server.workers(), first));
            // Each replacement reaches its limit too, so a fourth worker answers sooner or later.
            load.awaitDistinctBodies(4, PATIENCE);
            Load.Result result = load.stop();

            assertThat(result.failures()).isEmpty();
            assertThat(result.statuses()).containsOnlyKeys(200);
        }
        server.awaitLine("\\[INFO\\] Autorestarting worker after current request\\.$");
    }

    @Test
    void ttinAddsAWorkerAndTtouTakesOneAway() {
        ServerProcess server = SERVERS.start(Launch.app("pid:app").args("-w", "1"));
        server.awaitReady(1);
        Set<Long> first = server.workers();

        server.signal("TTIN");
        server.awaitLine("\\[INFO\\] Handling signal: ttin$");
        assertThat(server.awaitAnswersFrom(2, "/?seconds=0.2")).containsAll(first).hasSize(2);

        server.signal("TTOU");
        server.awaitLine("\\[INFO\\] Handling signal: ttou$");
        server.awaitThat("one worker", () -> server.workers().size() == 1);
        assertThat(server.workers()).doesNotContainAnyElementsOf(first); // the oldest goes

        int mark = server.log().mark();
        server.signal("TTOU");
        server.awaitLineAfter(mark, "Handling signal: ttou$");
        assertThat(server.get("/").isOk()).isTrue();
        assertThat(server.workers()).hasSize(1);
    }

    @Test
    @Tag("product") // gunicorn forks ten a second
    void workerThatDiesWhileBootingAgainAndAgainDoesNotSpinTheMachine() {
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("dies:app")
                                .file("dies.py", "import os\nos.kill(os.getpid(), 9)\n")
                                .expecting("was sent SIGKILL!")
                                .expecting("Boot failed, next try in"));
        server.log().await(0, "was sent SIGKILL!", 3, PATIENCE);
        int mark = server.log().mark();

        Await.never(
                "more than four boots in ten seconds",
                Duration.ofSeconds(10),
                () -> server.log().matching(mark, "Booting worker").size() > 4);
        assertThat(server.isAlive()).isTrue();
    }

    @Test
    void pidfileHoldsThePidOfTheMasterWhileItRuns() throws IOException {
        ServerProcess server = SERVERS.start(Launch.app("hello:app").args("--pid", "app.pid"));
        server.awaitReady(1);
        Path pidfile = server.directory().resolve("app.pid");

        assertThat(Files.readString(pidfile)).isEqualTo(server.pid() + "\n");
        server.signal("TERM");
        assertThat(server.awaitExit()).isZero();
        assertThat(pidfile).doesNotExist();
    }

    @Test
    void pidfileOfARunningServerStopsASecondOne() {
        ServerProcess first = SERVERS.start(Launch.app("hello:app").args("--pid", "app.pid"));
        first.awaitReady(1);
        Path pidfile = first.directory().resolve("app.pid");
        ServerProcess second =
                SERVERS.start(Launch.app("hello:app").args("--pid", pidfile.toString()));

        assertThat(second.awaitExit()).isEqualTo(1);
        second.awaitLine("Already running on PID " + first.pid());
        assertThat(pidfile).exists();
        assertThat(first.get("/").isOk()).isTrue();
    }

    @Test
    void usr1ReopensTheLogFiles() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app")
                                .args("--access-logfile", "access.log")
                                .args("--error-logfile", "error.log", "-b", "unix:app.sock"));
        Path access = server.directory().resolve("access.log");
        Path error = server.directory().resolve("error.log");
        server.awaitThat("the start in the error log", () -> holds(error, "Booting worker"));
        var unix = UnixDomainSocketAddress.of(server.directory().resolve("app.sock"));
        get(unix, "/before");
        server.awaitThat("the first access line", () -> holds(access, "/before"));

        Files.move(access, access.resolveSibling("access.old"));
        Files.move(error, error.resolveSibling("error.old"));
        server.signal("USR1");
        server.awaitThat(
                "both files to be there again", () -> Files.exists(access) && Files.exists(error));
        server.awaitThat(
                "an access line in the new file",
                () -> {
                    get(unix, "/after");
                    return holds(access, "/after");
                });

        assertThat(holds(access.resolveSibling("access.old"), "/before")).isTrue();
        server.awaitThat( // a worker may have made the new one before the master wrote to the old
                "the master's line in the old file",
                () -> holds(error.resolveSibling("error.old"), "Handling signal: usr1"));
    }

    private static void get(SocketAddress address, String target) {
        Load.Result result = Load.start(address, target, 1, 1).join(PATIENCE);
        assertThat(result.failures()).isEmpty();
    }

    private static boolean holds(Path file, String text) {
        try {
            return Files.exists(file) && Files.readString(file).contains(text);
        } catch (IOException e) {
            throw new AssertionError("cannot read " + file, e);
        }
    }
}
