package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Jcmd;
import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Load;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HUP: new code and new configuration, without a request lost. */
class ReloadIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    @Test
    @Tag("product") // gunicorn closes kept-alive connections unannounced
    void hupUnderLoadServesNewCodeWithoutAFailedRequest() throws IOException {
        ServerProcess server =
                SERVERS.start(app("old").args("-w", "2", "-k", "gthread", "--threads", "4"));
        server.awaitReady(2);

        try (Load load = Load.untilStopped(server.address(), "/", 8)) {
            load.awaitAnswers(200, PATIENCE);
            Set<Long> before = server.workers();
            rewrite(server, code("brand new"));
            server.signal("HUP");
            server.awaitLine("\\[INFO\\] Handling signal: hup$");
            server.awaitLine("\\[INFO\\] Hang up: Master$");
            awaitTurnover(server, before, 2);
            load.awaitAnswers(200, PATIENCE);
            Load.Result result = load.stop();

            assertThat(result.failures()).isEmpty();
            assertThat(result.statuses()).containsOnlyKeys(200);
            assertThat(result.bodies()).containsOnlyKeys("old", "brand new");
        }
        assertThat(server.get("/").body()).isEqualTo("brand new");
    }

    @Test
    void hupServesNewCode() throws IOException {
        ServerProcess server = SERVERS.start(app("old").args("-w", "2"));
        server.awaitReady(2);
        assertThat(server.get("/").body()).isEqualTo("old");
        Set<Long> before = server.workers();

        rewrite(server, code("brand new"));
        server.signal("HUP");

        awaitTurnover(server, before, 2);
        assertThat(server.get("/").body()).isEqualTo("brand new");
    }

    @Test
    @Tag("product") // gunicorn stops
    void hupWithBrokenCodeKeepsTheOldWorkersServing() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        app("old")
                                .args("-w", "2")
                                .expecting("\\[ERROR\\]", "Traceback", "\\[CRITICAL\\]"));
        server.awaitReady(2);
        Set<Long> before = server.workers();

        rewrite(server, "raise RuntimeError('half written')\n");
        server.signal("HUP");
        server.awaitLine("RuntimeError: half written$");

        server.awaitThat("the failed workers to go", () -> server.workers().equals(before));
        assertThat(server.get("/").body()).isEqualTo("old");

        rewrite(server, code("repaired"));
        server.signal("HUP");
        awaitTurnover(server, before, 2);
        assertThat(server.get("/").body()).isEqualTo("repaired");
    }

    @Test
    @Tag("product") // gunicorn waits for ever
    void hupWithCodeThatNeverLoadsKeepsTheOldWorkersServing() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        app("old")
                                .args("-w", "1", "--boot-timeout", "20")
                                .expecting("\\[ERROR\\]", "was sent SIGKILL!"));
        server.awaitReady(1);
        Set<Long> before = server.workers();

        rewrite(server, "import threading\nthreading.Event().wait()\n");
        server.signal("HUP");
        server.awaitLine("is not ready after 20 s \\(boot_timeout\\)$");

        server.awaitLine(
                "Reload failed, the running workers stay: not ready after 20 s"
                        + " \\(boot_timeout\\)$");
        server.awaitThat("the hanging worker to go", () -> server.workers().equals(before));
        assertThat(server.get("/").body()).isEqualTo("old");
    }

    @Test
    @Tag("product") // gunicorn exits and orphans its workers
    void hupWithABrokenConfigurationChangesNothing() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        app("old")
                                .file("gunicorn.conf.py", "workers = 1\n")
                                .expecting("\\[ERROR\\]", "Traceback", "\\[CRITICAL\\]"));
        server.awaitReady(1);
        Set<Long> before = server.workers();

        Files.writeString(server.directory().resolve("gunicorn.conf.py"), "workers = 'many'\n");
        server.signal("HUP");
        server.awaitLine("invalid literal for int\\(\\)");

        assertThat(server.get("/").body()).isEqualTo("old");
        assertThat(server.workers()).isEqualTo(before);
    }

    @Test
    void hupReadsTheConfigurationAgain() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        app("old")
                                .file(
                                        "gunicorn.conf.py",
                                        """
                                        workers = 1
                                        def on_reload(server):
                                            server.log.info("old on_reload")
                                        """));
        server.awaitReady(1);
        Set<Long> before = server.workers();

        Files.writeString(
                server.directory().resolve("gunicorn.conf.py"),
                """
                workers = 2
                accesslog = "-"
                def on_reload(server):
                    server.log.info("new on_reload")
                """);
        server.signal("HUP");

        awaitTurnover(server, before, 2);
        server.awaitLine("new on_reload$");
        server.get("/after");
        server.awaitLine("\"GET /after HTTP/1\\.1\" 200");
    }

    @Test
    @Tag("product") // gunicorn has no worker_memory
    void hupStartsTheNewWorkersWithTheirOwnMemory() throws IOException {
        ServerProcess server =
                SERVERS.start(app("old").file("gunicorn.conf.py", "worker_memory = '384M'\n"));
        server.awaitReady(1);
        Set<Long> before = server.workers();
        assertThat(Jcmd.ask(before.iterator().next(), "VM.command_line"))
                .contains("-Xmx384m", "-Xmn48m");

        Files.writeString(
                server.directory().resolve("gunicorn.conf.py"), "worker_memory = '448M'\n");
        server.signal("HUP");

        awaitTurnover(server, before, 1);
        assertThat(Jcmd.ask(server.workers().iterator().next(), "VM.command_line"))
                .contains("-Xmx448m", "-Xmn56m");
    }

    private static Launch app(String body) {
        return Launch.spec("app:app").file("app.py", code(body));
    }

    private static String code(String body) {
        return """
        body = b"%s"

        def app(environ, start_response):
            start_response("200 OK", [("Content-Length", str(len(body)))])
            return [body]
        """
                .formatted(body);
    }

    private static void rewrite(ServerProcess server, String code) throws IOException {
        Files.writeString(server.directory().resolve("app.py"), code);
    }

    private static void awaitTurnover(ServerProcess server, Set<Long> before, int count) {
        server.awaitThat(
                count + " workers, none of them old",
                () -> {
                    Set<Long> now = server.workers();
                    return now.size() == count && now.stream().noneMatch(before::contains);
                });
    }
}
