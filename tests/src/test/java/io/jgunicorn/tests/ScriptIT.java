package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code jgunicorn run SCRIPT}: gunicorn's custom applications. */
@Tag("product") // there it is Python that runs the script
class ScriptIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    /** As in gunicorn's own documentation, with hooks and what a script may look at. */
    private static final String SCRIPT =
            """
            import os
            import sys
            import gunicorn.app.base
            import helper

            def handler_app(environ, start_response):
                body = f"{__name__} {sys.argv[1:]} {helper.NAME} {os.getpid()}".encode()
                start_response("200 OK", [("Content-Length", str(len(body)))])
                return [body]

            def when_ready(server):
                server.log.info("app: %s, mine: %s", type(server.app).__name__, server.app.mine)

            def post_worker_init(worker):
                worker.log.info("loaded: %s", worker.app.loaded)

            class StandaloneApplication(gunicorn.app.base.BaseApplication):
                def __init__(self, app, options=None):
                    self.options = options or {}
                    self.application = app
                    self.mine = 1
                    self.loaded = 0
                    super().__init__()

                def load_config(self):
                    config = {
                        key: value
                        for key, value in self.options.items()
                        if key in self.cfg.settings and value is not None
                    }
                    for key, value in config.items():
                        self.cfg.set(key.lower(), value)

                def load(self):
                    self.loaded += 1
                    return self.application

            if __name__ == "__main__":
                options = {
                    "bind": "%s:%s" % ("127.0.0.1", "0"),
                    "workers": int(os.environ.get("WORKERS", "1")),
                    "when_ready": when_ready,
                    "post_worker_init": post_worker_init,
                    "ignored": True,
                }
                StandaloneApplication(handler_app, options).run()
                raise AssertionError("run() has returned")
            """;

    private static Launch launch(String script, String... arguments) {
        return Launch.withoutApp()
                .unbound()
                .args("run", "scripts/app.py")
                .args(arguments)
                .file("scripts/app.py", script)
                .file("scripts/helper.py", "NAME = 'beside'\n");
    }

    @Test
    void customApplicationIsServed() {
        ServerProcess server = SERVERS.start(launch(SCRIPT, "--port", "-w").env("WORKERS", "2"));
        server.awaitReady(2);

        assertThat(server.get("/").body()).startsWith("__main__ ['--port', '-w'] beside ");
        server.awaitLine("app: StandaloneApplication, mine: 1$");
        server.awaitLine("loaded: 1$");
        assertThat(server.workers()).hasSize(2);
        server.signal("TERM");
        assertThat(server.awaitExit()).isZero();
    }

    @Test
    void scriptRunsAgainAtAReload() throws IOException {
        ServerProcess server = SERVERS.start(launch(SCRIPT));
        server.awaitReady(1);
        int mark = server.log().mark();
        Files.writeString(server.directory().resolve("scripts/helper.py"), "NAME = 'elsewhere'\n");
        Files.writeString(
                server.directory().resolve("scripts/app.py"),
                SCRIPT.replace("\"WORKERS\", \"1\"", "\"WORKERS\", \"2\""));
        server.signal("HUP");

        server.awaitLineAfter(mark, "Worker ready after");
        server.awaitLineAfter(mark, "Worker exiting");
        server.awaitThat("two workers", () -> server.workers().size() == 2);
        assertThat(server.get("/").body()).contains(" elsewhere ");
    }

    @Test
    void commandLineOfGunicornCanBeRunByAScript() {
        ServerProcess server =
                SERVERS.start(
                        launch(
                                        """
                                        import sys
                                        from gunicorn.app.wsgiapp import run
                                        if __name__ == "__main__":
                                            sys.argv = ["gunicorn", "--bind", "127.0.0.1:0", "-w", "2", "served:app"]
                                            run()
                                        """)
                                .file("served.py", "from scripts_app import app\n")
                                .file(
                                        "scripts_app.py",
                                        """
                                        def app(environ, start_response):
                                            start_response("200 OK", [])
                                            return [b"found"]
                                        """));
        server.awaitReady(2);
        assertThat(server.get("/").body()).isEqualTo("found");
    }

    @Test
    void badScriptIsOneMessage() {
        ServerProcess server = SERVERS.start(launch("print('done')\n"));
        assertThat(server.awaitExit()).isEqualTo(1);
        server.awaitLine("^Error: scripts/app\\.py has ended and started no server: ");
    }

    @Test
    void applicationThatCannotBeLoadedStopsTheStart() {
        String script = SCRIPT.replace("self.loaded += 1", "raise KeyError('no data')");
        ServerProcess server =
                SERVERS.start(
                        launch(script)
                                .expecting(
                                        "Traceback",
                                        "KeyError",
                                        "exited with code 3",
                                        "failed to boot",
                                        "Shutting down",
                                        "Exception in"));
        assertThat(server.awaitExit()).isEqualTo(3);
        server.awaitLine("app\\.py\", line \\d+, in load$");
    }
}
