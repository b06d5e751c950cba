package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A wrong start ends with a message that names the mistake, gunicorn's exit code, and nothing. */
class BadInputIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    @Test
    void missingConfigurationFileIsNamed() {
        ServerProcess server = refused(Launch.app("hello:app").args("-c", "nofile.py"), 1);

        assertSays(server, "^Error: 'nofile.py' doesn't exist$");
    }

    @Test
    void syntaxErrorInTheConfigurationFileIsShown() {
        ServerProcess server =
                refused(Launch.app("hello:app").file("gunicorn.conf.py", "workers = = 2\n"), 1);

        assertSays(server, "^Failed to read config file: .*gunicorn.conf.py");
        assertSays(server, "SyntaxError: invalid syntax");
        assertSays(server, "gunicorn.conf.py\", line 1");
    }

    @Test
    void exceptionInTheConfigurationFileIsShown() {
        ServerProcess server =
                refused(
                        Launch.app("hello:app").file("gunicorn.conf.py", "\nworkers = 1 // 0\n"),
                        1);

        assertSays(server, "^Failed to read config file: .*gunicorn.conf.py");
        assertSays(server, "gunicorn.conf.py\", line 2");
        assertSays(server, "ZeroDivisionError");
    }

    @Test
    void valueOfTheWrongTypeInTheConfigurationFileIsNamed() {
        ServerProcess server =
                refused(Launch.app("hello:app").file("gunicorn.conf.py", "workers = 'many'\n"), 1);

        assertSays(server, "^Invalid value for workers: many$");
        assertSays(server, "^Error: invalid literal for int\\(\\) with base 0: 'many'$");
    }

    @Test
    @Tag("product") // gunicorn names the value only
    void errorNamesFileAndLine() {
        ServerProcess server =
                refused(
                        Launch.app("hello:app")
                                .file("gunicorn.conf.py", "import os\nbind = 'localhost:port'\n")
                                .unbound(),
                        1);

        assertSays(server, "^Error: 'port' is not a valid port number\\.$");
        assertSays(server, "^\\(bind, file:/.*/gunicorn\\.conf\\.py:2\\)$");
    }

    @Test
    @Tag("product") // gunicorn's check does not look
    void checkConfigTellsWhatIsMissing() {
        ServerProcess server =
                refused(
                        Launch.app("hello:app")
                                .args("--bind", "unix:no/such/app.sock", "--pid", "no/such/app.pid")
                                .args("--access-logfile", "no/such/access.log", "--check-config"),
                        1);

        assertSays(server, "^Error: bind: there is no folder for 'no/such/app.sock'");
        assertSays(server, "^Error: pidfile: there is no folder for '/.*/no/such/app.pid'");
        assertSays(server, "no/such/access.log' isn't writable");
    }

    @Test
    @Tag("product") // gunicorn's check does not look
    void checkConfigLooksAtLogFilesAndMakesNone() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app")
                                .args("--access-logfile", "access.log")
                                .args("--error-logfile", "error.log")
                                .args("--capture-output", "--check-config"));

        assertThat(server.awaitExit()).isZero();
        assertThat(server.directory()).isDirectoryNotContaining("glob:**{access,error}.log");
    }

    @Test
    void unknownFlagIsNamed() {
        ServerProcess server = refused(Launch.app("hello:app").args("--nope"), 2);

        assertSays(server, "^j?gunicorn: error: unrecognized arguments: --nope$");
    }

    @Test
    void flagWithAValueOfTheWrongTypeIsNamed() {
        ServerProcess server = refused(Launch.app("hello:app").args("-w", "many"), 2);

        assertSays(server, "error: argument -w/--workers: invalid int value: 'many'$");
    }

    @Test
    void negativeNumberIsRefused() {
        ServerProcess server = refused(Launch.app("hello:app").args("--timeout=-1"), 1);

        assertSays(server, "^Error: Value must be positive: -1$");
    }

    @Test
    void unknownWorkerClassIsNamed() {
        ServerProcess server = refused(Launch.app("hello:app").args("-k", "nosuch"), 1);

        assertSays(server, "^Error: class uri 'nosuch' invalid or not found");
    }

    @Test
    void missingApplicationIsSaid() {
        ServerProcess server = refused(Launch.withoutApp(), 1);

        assertSays(server, "^Error: No application module specified\\.$");
    }

    @Test
    void portInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            Launch launch = Launch.app("hello:app").unbound().args("-b", "127.0.0.1:" + port);
            ServerProcess server = refused(launch.expecting("\\[ERROR\\]"), 1);

            assertSays(server, "Connection in use: \\('127.0.0.1', " + port + "\\)$");
            assertSays(server, "Can't connect to \\('127.0.0.1', " + port + "\\)$");
        }
    }

    @Test
    void accessLogThatCannotBeWrittenIsNamed() {
        ServerProcess server =
                refused(Launch.app("hello:app").args("--access-logfile", "no/such/access.log"), 1);

        assertSays(server, "no/such/access.log' isn't writable");
    }

    @Test
    void errorLogThatCannotBeWrittenIsNamed() {
        ServerProcess server =
                refused(Launch.app("hello:app").args("--error-logfile", "no/such/error.log"), 1);

        assertSays(server, "no/such/error.log' isn't writable");
    }

    @Test
    void moduleThatDoesNotExistEndsTheServerWith3() {
        ServerProcess server = refused(Launch.spec("nosuch:app"), 3);

        assertSays(server, "ModuleNotFoundError: No module named 'nosuch'$");
        assertSays(server, "\\[ERROR\\] Reason: Worker failed to boot\\.$");
    }

    @Test
    void applicationThatRaisesAtImportEndsTheServerWith3() {
        ServerProcess server = refused(Launch.app("raises_at_import:app"), 3);

        assertSays(server, "\\[ERROR\\] Exception in worker process$");
        assertSays(server, "raises_at_import.py\", line 3");
        assertSays(server, "RuntimeError: no database today$");
        assertSays(server, "\\[ERROR\\] Reason: Worker failed to boot\\.$");
    }

    @Test
    void attributeThatDoesNotExistEndsTheServerWith4() {
        ServerProcess server = refused(Launch.app("hello:nope"), 4);

        assertSays(server, "Failed to find attribute 'nope' in 'hello'\\.$");
        assertSays(server, "\\[ERROR\\] Reason: App failed to load\\.$");
    }

    @Test
    void applicationThatIsNotCallableEndsTheServerWith4() {
        ServerProcess server = refused(Launch.app("bad_apps:not_callable"), 4);

        assertSays(server, "Application object must be callable\\.$");
    }

    @Test
    void factoryThatReturnsNoneEndsTheServerWith4() {
        ServerProcess server = refused(Launch.app("bad_apps:returns_none()"), 4);

        assertSays(server, "Failed to find application object: 'returns_none\\(\\)'$");
    }

    @Test
    void factoryCalledWithoutItsArgumentEndsTheServerWith4() {
        ServerProcess server = refused(Launch.app("bad_apps:needs_an_argument()"), 4);

        assertSays(server, "needs_an_argument\\(\\) missing 1 required positional argument");
    }

    @Test
    void textThatIsNoFactoryCallEndsTheServerWith4() {
        ServerProcess server = refused(Launch.app("hello:a.b"), 4);

        assertSays(server, "Failed to parse 'a.b' as an attribute name or function call\\.$");
    }

    @Test
    void preloadedApplicationThatRaisesEndsTheServerWith1() {
        ServerProcess server = refused(Launch.app("raises_at_import:app").args("--preload"), 1);

        assertSays(server, "Error: no database today$");
    }

    @Test
    void checkConfigTellsAboutAnApplicationThatCannotBeLoaded() {
        ServerProcess server =
                refused(Launch.app("raises_at_import:app").args("--check-config"), 1);

        assertSays(server, "^Error while loading the application:$");
        assertSays(server, "RuntimeError: no database today$");
    }

    @Test
    @Tag("product") // gunicorn has implemented all of its own
    void settingThatIsNotImplementedIsNamedInAWarning() {
        ServerProcess server = SERVERS.start(Launch.app("hello:app").args("--reuse-port"));

        server.awaitLine("\\[WARNING\\].*reuse_port");
    }

    /** The process ends by itself; that nothing of it runs on is checked when it is closed. */
    private static ServerProcess refused(Launch launch, int exitCode) {
        ServerProcess server =
                SERVERS.start(launch.expecting("Traceback", "\\[ERROR\\]", "^ERROR: "));

        assertThat(server.awaitExit())
                .as("exit code, after%s", server.log().all())
                .isEqualTo(exitCode);
        assertThat(server.family()).isEmpty();
        return server;
    }

    private static void assertSays(ServerProcess server, String regex) {
        assertThat(server.log().matching(0, regex))
                .as("lines with /%s/ in%s", regex, server.log().all())
                .isNotEmpty();
    }
}
