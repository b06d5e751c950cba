package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Response;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code import gunicorn} finds our package, in configuration files and in applications. */
class GunicornPackageIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    private static final String APP =
            """
            import gunicorn
            from gunicorn.errors import HaltServer
            from gunicorn.util import http_date
            from gunicorn.http.wsgi import FileWrapper

            def app(environ, start_response):
                same = environ["wsgi.file_wrapper"] is FileWrapper
                text = f"{gunicorn.version_info[0]} {environ['SERVER_SOFTWARE']} {http_date(0)} {same}"
                start_response("200 OK", [("Content-Length", str(len(text)))])
                return [text.encode()]
            """;

    @Test
    void configurationsAndApplicationsImportIt() {
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("importing:app")
                                .file("importing.py", APP)
                                .file(
                                        "gunicorn.conf.py",
                                        """
                                        import gunicorn
                                        from gunicorn.workers.sync import SyncWorker
                                        gunicorn.SERVER_SOFTWARE = "secret/1"
                                        gunicorn.SERVER = "secret"
                                        worker_class = SyncWorker
                                        def child_exit(server, worker):
                                            server.log.info("sync: %s", isinstance(worker, SyncWorker))
                                        """));
        server.awaitReady(1);
        Response answer = server.get("/");
        assertThat(answer.body())
                .startsWith("26 secret/1 Thu, 01 Jan 1970 00:00:00 GMT ")
                .endsWith("True");
        assertThat(answer.header("Server")).hasValue("secret");
        server.signal("TERM");
        assertThat(server.awaitExit()).isZero();
        server.awaitLine("sync: True$");
    }

    @Test
    @Tag("product")
    void oursIsFoundWhereTheRealOneIsInstalledToo() {
        String real = "raise ImportError('this one needs os.fork')\n";
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("importing:app")
                                .file("importing.py", APP)
                                .file("gunicorn/__init__.py", real)
                                .file("packages/gunicorn/__init__.py", real)
                                .env("PYTHONPATH", "packages")
                                .args("--pythonpath", "packages"));
        server.awaitReady(1);
        assertThat(server.get("/").body()).startsWith("26 jgunicorn/");
    }

    @Test
    @Tag("product")
    void whatIsMissingSaysSo() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app")
                                .file("gunicorn.conf.py", "\nfrom gunicorn import dirty\n")
                                .expecting("Traceback"));
        assertThat(server.awaitExit()).isEqualTo(1);
        server.awaitLine("Failed to read config file: ");
        server.awaitLine("gunicorn.conf.py\", line 2, in <module>$");
        server.awaitLine(
                "^ModuleNotFoundError: gunicorn\\.dirty is not there: .*give long work to a task queue$");
    }

    @Test
    @Tag("product")
    void missingNameIsToldInAWorkerToo() {
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("importing:app")
                                .file("importing.py", "from gunicorn.util import daemonize\n")
                                .expecting(
                                        "Traceback",
                                        "daemonize",
                                        "exited with code 3",
                                        "failed to boot",
                                        "Shutting down",
                                        "Exception in"));
        assertThat(server.awaitExit()).isEqualTo(3);
        server.awaitLine("gunicorn\\.util\\.daemonize is not there: ");
    }
}
