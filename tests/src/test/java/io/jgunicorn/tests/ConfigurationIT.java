package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.LogLines;
import io.jgunicorn.testkit.Need;
import io.jgunicorn.testkit.ProcessTree;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where settings come from, which source wins, and what can be bound. */
class ConfigurationIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    @Test
    void printConfigShowsEverySettingInOrder() {
        ServerProcess server =
                SERVERS.start(Launch.app("hello:app").args("-w", "3", "--print-config"));

        assertThat(server.awaitExit()).isZero();
        List<String> names =
                output(server).stream()
                        .filter(line -> line.matches("[a-z_0-9]+ +=.*"))
                        .map(line -> line.split(" +=", 2)[0])
                        .toList();
        assertThat(names).hasSizeGreaterThan(60).isSorted();
        assertThat(setting(server, "workers")).isEqualTo("3");
        assertThat(setting(server, "bind")).isEqualTo("['127.0.0.1:0']");
        assertThat(setting(server, "timeout")).isEqualTo("30");
        assertThat(setting(server, "preload_app")).isEqualTo("False");
        assertThat(setting(server, "accesslog")).isEqualTo("None");
    }

    @Test
    @Tag("product") // gunicorn's workers are forks
    void printConfigShowsTheCommandLineOfAWorker() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app")
                                .env("JGUNICORN_WORKER_JAVA_OPTS", "-Xss8m")
                                .args("--worker-memory", "640M", "--print-config"));

        assertThat(server.awaitExit()).isZero();
        assertThat(setting(server, "worker_memory")).isEqualTo("640M");
        server.awaitLine(
                "^# worker command: /\\S+/java .* -Xmx640m -Xmn80m .* -Xss8m .* CONTROL_ADDRESS"
                        + " MASTER_PID DESCRIPTOR_COUNT$");
    }

    @Test
    @Tag("product") // gunicorn shows values only
    void printConfigShowsWhereValuesComeFrom() {
        Launch launch =
                Launch.app("hello:app")
                        .env("WEB_CONCURRENCY", "2")
                        .env("GUNICORN_CMD_ARGS", "--timeout 12")
                        .file("gunicorn.conf.py", "import os\nbacklog = 13\n")
                        .args("--print-config");
        ServerProcess server = SERVERS.start(launch);

        assertThat(server.awaitExit()).isZero();
        server.awaitLine("^workers +  = 2  # environment WEB_CONCURRENCY$");
        server.awaitLine("^timeout + = 12  # environment GUNICORN_CMD_ARGS$");
        server.awaitLine("^backlog + = 13  # file:/.*/gunicorn\\.conf\\.py:2$");
        server.awaitLine("^bind + = \\['127\\.0\\.0\\.1:0'\\]  # command line$");
        server.awaitLine("^threads + = 1  # default$");
    }

    private static final String DID_YOU_MEAN =
            "No setting is called worker \\(file:/.*/gunicorn\\.conf\\.py:1\\): did you mean workers\\?$";

    @Test
    @Tag("product") // gunicorn ignores names it does not know
    void checkConfigAsksAboutNamesThatAreCloseToASetting() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app")
                                .file("gunicorn.conf.py", "worker = 4\ncores = 2\n")
                                .args("--check-config", "--pythonpath", "no/such/folder"));

        assertThat(server.awaitExit()).isZero();
        assertThat(server.log().texts()).hasSize(2);
        server.awaitLine("^Warning: " + DID_YOU_MEAN);
        server.awaitLine("^Warning: pythonpath: there is no folder '/.*/no/such/folder'$");
    }

    @Test
    @Tag("product") // gunicorn ignores names it does not know
    void startAsksAboutNamesThatAreCloseToASetting() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app")
                                .file("gunicorn.conf.py", "worker = 4\ncores = 2\n"));

        server.awaitLine("\\[WARNING\\] " + DID_YOU_MEAN);
        server.awaitReady(1);
    }

    @Test
    @Tag("product") // gunicorn marks nothing
    void helpFitsTheTerminalAndMarksWhatDoesNotWork() {
        ServerProcess server =
                SERVERS.start(Launch.withoutApp().unbound().env("COLUMNS", "60").args("--help"));

        assertThat(server.awaitExit()).isZero();
        assertThat(output(server)).allSatisfy(line -> assertThat(line).hasSizeLessThan(61));
        server.awaitLine("^  --certfile FILE +\\(not supported\\)");
        server.awaitLine("\\[0o600\\]$");
    }

    @Test
    void checkConfigOfAGoodConfigurationSaysNothing() {
        ServerProcess server = SERVERS.start(Launch.app("hello:app").args("--check-config"));

        assertThat(server.awaitExit()).isZero();
        assertThat(server.log().texts()).isEmpty();
    }

    @Test
    void versionIsPrinted() {
        ServerProcess server = SERVERS.start(Launch.withoutApp().unbound().args("--version"));

        assertThat(server.awaitExit()).isZero();
        server.awaitLine("^j?gunicorn \\(version \\d+\\.\\d+.*\\)$");
    }

    @Test
    void helpNamesTheFlags() {
        ServerProcess server = SERVERS.start(Launch.withoutApp().unbound().args("--help"));

        assertThat(server.awaitExit()).isZero();
        assertThat(String.join("\n", output(server)))
                .contains("--bind", "--workers", "--worker-class", "--max-requests-jitter");
    }

    @Test
    void commandLineBeatsVariableBeatsFileBeatsDefault() {
        Launch launch =
                Launch.app("hello:app")
                        .env("GUNICORN_CMD_ARGS", "--timeout 12 --workers 12 --keep-alive 12")
                        .env("WEB_CONCURRENCY", "14")
                        .file(
                                "gunicorn.conf.py",
                                "workers = 13\ntimeout = 13\nkeepalive = 13\nbacklog = 13\n")
                        .args("--workers", "11", "--print-config");
        ServerProcess server = SERVERS.start(launch);

        assertThat(server.awaitExit()).isZero();
        assertThat(setting(server, "workers")).isEqualTo("11");
        assertThat(setting(server, "timeout")).isEqualTo("12");
        assertThat(setting(server, "keepalive")).isEqualTo("12");
        assertThat(setting(server, "backlog")).isEqualTo("13");
        assertThat(setting(server, "graceful_timeout")).isEqualTo("30");
    }

    @Test
    void webConcurrencyAndPortAreDefaults() {
        Launch launch =
                Launch.app("pid:app").unbound().env("WEB_CONCURRENCY", "2").env("PORT", "0");
        ServerProcess server = SERVERS.start(launch).awaitReady(2);

        assertThat(server.awaitLine("Listening at: (\\S+)").group(1)).startsWith("http://0.0.0.0:");
        assertThat(server.workers()).hasSize(2);
    }

    @Test
    void configurationIsPython() {
        Launch launch =
                Launch.spec("hello:app")
                        .file("code/hello.py", "import os\n" + HELLO_FROM_THE_ENVIRONMENT)
                        .file(
                                "settings/common.py",
                                "def workers_for(load):\n    return load // 2\n")
                        .file(
                                "conf/web.py",
                                """
                                import os
                                import sys
                                sys.path.insert(0, "settings")
                                from common import workers_for
                                workers = workers_for(2)
                                chdir = os.path.join(os.getcwd(), "code")
                                raw_env = ["GREETING=from raw_env", "OTHER=" + __file__]
                                proc_name = os.environ["NAME_FROM_OUTSIDE"]
                                no_setting_of_ours = 1
                                """)
                        .env("NAME_FROM_OUTSIDE", "outside")
                        .args("-c", "conf/web.py");
        ServerProcess server = SERVERS.start(launch).awaitReady(1);

        assertThat(server.get("/").body()).isEqualTo("from raw_env");
    }

    @Test
    void configurationMayBeAModule() {
        Launch launch =
                Launch.app("hello:app")
                        .file("deploy/__init__.py", "")
                        .file("deploy/web.py", "timeout = 17\nwsgi_app = 'unused:app'\n")
                        .args("-c", "python:deploy.web", "--print-config");
        ServerProcess server = SERVERS.start(launch);

        assertThat(server.awaitExit()).isZero();
        assertThat(setting(server, "timeout")).isEqualTo("17");
    }

    @Test
    void applicationMayBeNamedInTheFile() {
        Launch launch =
                Launch.withoutApp()
                        .copy("factory")
                        .file("gunicorn.conf.py", "wsgi_app = 'factory:create(\"Ada\")'\n");
        ServerProcess server = SERVERS.start(launch).awaitReady(1);

        assertThat(server.get("/").body()).isEqualTo("Hi, Ada!\n");
    }

    @Test
    void factoryIsCalledWithItsArguments() {
        ServerProcess server =
                SERVERS.start(
                                Launch.spec("factory:create('Ada', greeting='Hello')")
                                        .copy("factory"))
                        .awaitReady(1);

        assertThat(server.get("/").body()).isEqualTo("Hello, Ada!\n");
    }

    @Test
    void severalAddressesAreServedAtOnce() throws IOException {
        Launch launch =
                Launch.app("hello:app").args("--bind", "127.0.0.1:0", "--bind", "unix:app.sock");
        ServerProcess server = SERVERS.start(launch).awaitReady(1);

        List<SocketAddress> addresses = server.addresses();
        assertThat(addresses).hasSize(3).doesNotHaveDuplicates();
        for (SocketAddress address : addresses) {
            try (RawHttp http = RawHttp.connect(address)) {
                assertThat(http.get("/").body()).isEqualTo("Hello, world!\n");
            }
        }
    }

    @Test
    void unixSocketIsServed() throws IOException {
        Launch launch = Launch.app("wsgi_cases:app").unbound().args("-b", "unix:app.sock");
        ServerProcess server = SERVERS.start(launch).awaitReady(1);

        try (RawHttp http = server.connect()) {
            assertThat(http.get("/environ_dump").body())
                    .contains("\"REMOTE_ADDR\": \"\"", "\"SERVER_NAME\": \"test\"")
                    .doesNotContain("REMOTE_PORT");
        }
    }

    @Test
    void umaskIsThatOfSocketsAndFilesOfTheApplicationHaveTheInheritedOne() throws IOException {
        ServerProcess server =
                SERVERS.start(
                                Launch.app("writes:app")
                                        .unbound()
                                        .args("-b", "unix:app.sock", "--umask", "0007")
                                        .under("sh", "-c", "umask 027; exec \"$@\"", "sh"))
                        .awaitReady(1);

        Path socket = server.directory().resolve("app.sock");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rwxrwx---");
        assertThat(server.get("/").body()).isEqualTo("640");
    }

    @Test
    void ipv6IsServed() throws IOException {
        Need.ipv6();
        Launch launch = Launch.app("wsgi_cases:app").unbound().args("-b", "[::1]:0");
        ServerProcess server = SERVERS.start(launch).awaitReady(1);

        InetSocketAddress address = (InetSocketAddress) server.address();
        assertThat(server.awaitLine("Listening at: (\\S+)").group(1))
                .isEqualTo("http://[::1]:" + address.getPort());
        try (RawHttp http = server.connect()) {
            assertThat(http.get("/environ_dump").body()).contains("\"REMOTE_ADDR\": \"::1\"");
        }
    }

    @Test
    void startIsLoggedLineByLine() {
        ServerProcess server = SERVERS.start(Launch.app("hello:app").args("-w", "2")).awaitReady(2);

        String time = "^\\[\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}\\] ";
        String master = time + "\\[" + server.pid() + "\\] \\[INFO\\] ";
        server.awaitLine(master + "Starting j?gunicorn \\d+\\.\\d+");
        server.awaitLine(
                master + "Listening at: http://127\\.0\\.0\\.1:\\d+ \\(" + server.pid() + "\\)$");
        server.awaitLine(master + "Using worker: sync$");
        server.awaitLine(time + "\\[(\\d+)\\] \\[INFO\\] Booting worker with pid: \\1$");
    }

    @Test
    void accessLogHasTheCommonFormat() {
        ServerProcess server =
                SERVERS.start(Launch.app("hello:app").args("--access-logfile", "-")).awaitReady(1);
        server.get("/path?x=1");

        server.awaitLine(
                "^127\\.0\\.0\\.1 - - \\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d"
                        + " [+-]\\d{4}\\] \"GET /path\\?x=1 HTTP/1\\.1\" 200 14 \"-\" \"-\"$");
    }

    private static final String HELLO_FROM_THE_ENVIRONMENT =
            """
            def app(environ, start_response):
                body = os.environ["GREETING"].encode()
                start_response("200 OK", [("Content-Length", str(len(body)))])
                return [body]
            """;

    private static List<String> output(ServerProcess server) {
        return server.log().snapshot().stream()
                .filter(line -> line.stream() == LogLines.Stream.OUT)
                .map(LogLines.Line::text)
                .toList();
    }

    private static String setting(ServerProcess server, String name) {
        return server.awaitLine("^" + name + " +=(.*?)(  # .*)?$").group(1).strip();
    }

    @Test
    @Tag("product") // gunicorn needs setproctitle for it
    void psShowsTheNameOfTheServer() {
        ServerProcess server = SERVERS.start(Launch.app("pid:app").args("--name", "shop"));
        server.awaitReady(1);

        assertThat(ProcessTree.commandLine(server.pid()))
                .containsExactly("gunicorn: master [shop]");
        assertThat(ProcessTree.commandLine(server.workers().iterator().next()))
                .containsExactly("gunicorn: worker [shop]");
    }
}
