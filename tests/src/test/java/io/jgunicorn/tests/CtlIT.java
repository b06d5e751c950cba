package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Product;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

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
                .containsPattern("listeners: +http://127\\.0\\.0\\.1:\\d+\n")
                .containsPattern("serving: +1 of 1\n")
                .containsPattern("spares: +1 of 1\n")
                .containsPattern("pid +age +state +booted +aborted +last heartbeat +requests")
                .containsPattern("\n  \\d+ +1 +serving +true +false +")
                .containsPattern("\n  \\d+ +2 +spare +true +false +");
        assertThat(ctl(server, "--json", "show", "workers").text())
                .contains("\"count\": 2", "\"state\": \"serving\"");
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
