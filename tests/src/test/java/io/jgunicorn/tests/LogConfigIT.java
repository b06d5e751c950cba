package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.LogLines;
import io.jgunicorn.testkit.LogLines.Stream;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** logconfig, logconfig_dict, logconfig_json and logger_class: logs through Python's logging. */
class LogConfigIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    /** A configuration file without {@code bind}, which is on the command line. */
    private static Launch configured(String file) {
        return Launch.app("says:app").copy("log_setup").file("gunicorn.conf.py", file);
    }

    private static Launch jsonLogs(String app) {
        return Launch.app(app).copy("log_setup").config("json_logs");
    }

    private static List<String> lines(ServerProcess server, Stream stream) {
        return server.log().snapshot().stream()
                .filter(line -> line.stream() == stream)
                .map(LogLines.Line::text)
                .toList();
    }

    private static List<String> file(ServerProcess server, String name) {
        try {
            return Files.readAllLines(server.directory().resolve(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What a line of a JSON log says, as it is written by log_setup.py. */
    private static String json(String logger, String level, String message) {
        return "^\\{\"time\": \"\\S+\", \"level\": \"%s\", \"logger\": \"%s\", \"pid\": \\d+, \"message\": \"%s"
                .formatted(level, logger, message);
    }

    @Test
    void everyLineOfServerAndApplicationIsJson() {
        ServerProcess server = SERVERS.start(jsonLogs("says:app").args("-w", "1"));
        server.awaitLine(
                json(
                        "gunicorn.error",
                        "INFO",
                        "Starting [a-z]*gunicorn .*\", \"service\": \"shop\"\\}$"));
        server.awaitLine(
                json("gunicorn.error", "INFO", "Listening at: http://127.0.0.1:\\d+ \\(\\d+\\)"));
        server.awaitLine(json("gunicorn.error", "INFO", "Booting worker with pid: \\d+"));
        server.awaitLine(json("gunicorn.error", "INFO", "hook in the worker"));
        server.awaitLine(json("shop.orders", "INFO", "application loaded"));
        server.get("/health");
        server.get("/buy?token=secret");
        server.awaitLine(json("shop.orders", "INFO", "order from /buy"));
        server.awaitLine(
                json(
                        "gunicorn.access",
                        "INFO",
                        "127.0.0.1 \\\\\"GET /buy\\?token=\\*\\*\\* HTTP/1.1\\\\\" 200 5 ann\""));
        server.get("/raise");
        String raised =
                server.awaitLine(
                                json(
                                        "gunicorn.error",
                                        "ERROR",
                                        "Error handling request /?.*/raise\".*"))
                        .group();
        assertThat(raised)
                .contains("KeyError: 'inner'\\n\\nThe above exception was the direct cause of")
                .endsWith("ValueError: outer\\n\"}");
        server.awaitLine(
                json(
                        "gunicorn.access",
                        "INFO",
                        "127.0.0.1 \\\\\"GET /raise HTTP/1.1\\\\\" 500 0 -\""));
        server.signal("TERM");
        assertThat(server.awaitExit()).isZero();

        List<String> lines = lines(server, Stream.OUT);
        assertThat(lines).allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"));
        assertThat(lines).noneMatch(line -> line.contains("/health HTTP"));
        assertThat(lines(server, Stream.ERR)).isEmpty();
        assertThat(lines.getLast()).contains("\"message\": \"Shutting down: Master\"");
        assertThat(lines.stream().map(LogConfigIT::message))
                .containsSubsequence("hook in the worker", "application loaded", "order from /buy");
        assertThat(lines.stream().filter(line -> line.contains("Worker exiting"))).hasSize(1);
        assertThat(file(server, "all.log")).containsExactlyInAnyOrderElementsOf(lines);
    }

    private static String message(String line) {
        return line.replaceFirst(".*\"message\": \"", "").replaceFirst("\".*", "");
    }

    private static Launch frameworkLogs(String app) {
        return Launch.app(app).copy("log_setup").config("framework_logs").frameworks();
    }

    @Test
    void loggersOfDjangoAreThoseOfTheConfiguration() {
        ServerProcess server = SERVERS.start(frameworkLogs("django_site.wsgi:application"));
        server.awaitReady(1);
        server.get("/nowhere");

        server.awaitLine(json("django.request", "WARNING", "Not Found: /nowhere\"\\}$"));
        server.awaitLine(
                json("gunicorn.access", "INFO", ".*GET /nowhere HTTP/1.1\\\\\" 404 \\d+ "));
        assertThat(lines(server, Stream.OUT)).allMatch(line -> line.startsWith("{"));
    }

    @Test
    void whatFlaskLogsToTheServersErrorStreamArrivesAsItIs() {
        ServerProcess server =
                SERVERS.start(frameworkLogs("flask_logs:app").expecting("^Traceback"));
        server.awaitReady(1);
        server.get("/ann");
        server.awaitLine(
                "^\\[\\d{4}-\\d\\d-\\d\\d [\\d:]{8} [+-]\\d{4}] FLASK INFO in flask_logs: ann logged in$");
        server.awaitLine(json("gunicorn.access", "INFO", ".*GET /ann HTTP/1.1\\\\\" 200 5 "));
        server.get("/raise");
        server.awaitLine("FLASK ERROR in app: Exception on /raise \\[GET\\]$");
        server.awaitLine("^ValueError: of the view$");
        List<String> errors = lines(server, Stream.ERR);
        assertThat(errors.indexOf("Traceback (most recent call last):"))
                .isEqualTo(errors.indexOf(lastMatching(errors, "Exception on /raise")) + 1);
    }

    private static String lastMatching(List<String> lines, String part) {
        return lines.stream().filter(line -> line.contains(part)).reduce((_, b) -> b).orElseThrow();
    }

    @Test
    @Tag("product") // gunicorn's sync worker answers no second request here, and 504 is ours
    void requestsTheApplicationDoesNotFinishAreLoggedToo() throws IOException {
        ServerProcess server = SERVERS.start(jsonLogs("says:app").args("-w", "1", "-t", "3"));
        server.awaitReady(1);
        try (RawHttp client = server.connect()) {
            client.send("GET /a b HTTP/1.1\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(400);
        }
        server.awaitLine(json("gunicorn.error", "WARNING", "Invalid request from ip=127.0.0.1: "));
        try (RawHttp client = server.connect()) {
            client.send("GET /sleep HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(504);
        }
        server.awaitLine(
                json(
                        "gunicorn.access",
                        "INFO",
                        "127.0.0.1 \\\\\"GET /sleep HTTP/1.1\\\\\" 504 0 -\""));
        server.awaitLine(json("gunicorn.error", "ERROR", "Python stack of GET /sleep"));
    }

    @Test
    void bootFailuresLoseNoLine() {
        ServerProcess server =
                SERVERS.start(jsonLogs("raises_at_import:app").args("-w", "1").expecting(".*"));

        assertThat(server.awaitExit()).isEqualTo(3);
        server.awaitLine(json("gunicorn.error", "INFO", "Booting worker with pid"));
        server.awaitLine(json("gunicorn.error", "ERROR", "Exception in worker process"));
        server.awaitLine(json("gunicorn.error", "INFO", "Worker exiting \\(pid: \\d+\\)"));
        server.awaitLine(json("gunicorn.error", "ERROR", "Shutting down: Master"));
    }

    @Test
    void usr1OpensTheFilesOfAllHandlersAnew() throws IOException {
        ServerProcess server = SERVERS.start(jsonLogs("says:app").args("-w", "1"));
        server.awaitReady(1);
        Path log = server.directory().resolve("all.log");
        Files.move(log, server.directory().resolve("all.log.old"));
        server.signal("USR1");
        server.awaitThat("the log is opened anew", () -> Files.exists(log));
        server.awaitThat(
                "the worker writes there",
                () -> {
                    server.get("/after");
                    return file(server, "all.log").stream()
                            .anyMatch(l -> l.contains("order from /after"));
                });
        server.signal("TTIN");
        server.awaitThat(
                "the master writes there",
                () ->
                        file(server, "all.log").stream()
                                .anyMatch(l -> l.contains("Handling signal: ttin")));
    }

    @Test
    void hupHasMasterAndWorkersFollowAnotherConfiguration() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        configured(
                                """
                                logconfig_dict = {
                                    "formatters": {"generic": {"format": "first %(levelname)s %(message)s"}},
                                    "root": {"handlers": []},
                                }
                                """));
        server.awaitLine("^first INFO Listening at");
        server.awaitReady(1);
        Files.writeString(
                server.directory().resolve("gunicorn.conf.py"),
                """
                logconfig_dict = {
                    "formatters": {"generic": {"format": "second %(levelname)s %(message)s"}},
                    "root": {"handlers": []},
                }
                """);
        int mark = server.log().mark();
        server.signal("HUP");
        server.awaitLineAfter(mark, "^second INFO Booting worker with pid");
        server.awaitLineAfter(mark, "^second INFO Worker ready");
        server.signal("TTIN");
        server.awaitLineAfter(mark, "^second INFO Handling signal: ttin$");
    }

    @Test
    @Tag("product") // gunicorn goes on with the new configuration and the old handlers
    void hupWithBadLoggingKeepsTheOldOne() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        configured("logconfig_dict = {\"loggers\": {}}\n")
                                .expecting("Reload failed", "logconfig_dict"));
        server.awaitReady(1);
        Files.writeString(
                server.directory().resolve("gunicorn.conf.py"),
                "logconfig_dict = {\"version\": 7}\n");
        int mark = server.log().mark();
        server.signal("HUP");
        server.awaitLineAfter(mark, "\\[ERROR\\] .*Error: logconfig_dict: Unsupported version: 7");
        assertThat(server.get("/still").status()).isEqualTo(200);
    }

    @Test
    void anIniFileKnowsItsOwnFolder() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("says:app")
                                .copy("log_setup")
                                .args("-w", "1", "--log-config", "conf/log.ini")
                                .file(
                                        "conf/log.ini",
                                        """
                                        [loggers]
                                        keys=root, access
                                        [handlers]
                                        keys=screen, file
                                        [formatters]
                                        keys=json
                                        [logger_root]
                                        level=INFO
                                        handlers=screen
                                        [logger_access]
                                        level=INFO
                                        handlers=file
                                        propagate=0
                                        qualname=gunicorn.access
                                        [handler_screen]
                                        class=StreamHandler
                                        formatter=json
                                        args=(sys.stdout,)
                                        [handler_file]
                                        class=FileHandler
                                        args=('%(here)s/access.log',)
                                        [formatter_json]
                                        class=log_setup.JsonFormatter
                                        """));
        server.awaitLine(json("shop.orders", "INFO", "application loaded"));
        server.awaitLine(
                "^\\[.*\\] \\[\\d+\\] \\[INFO\\] Listening at"); // not named: as errorlog says
        server.get("/from-ini");
        server.awaitThat(
                "the access line is written",
                () ->
                        file(server, "conf/access.log").stream()
                                .anyMatch(l -> l.contains("\"GET /from-ini HTTP/1.1\" 200 5")));
    }

    @Test
    void aJsonFileIsLaidOverDefaultsWhichLogTwice() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("says:app")
                                .args("-w", "1", "--log-config-json", "log.json")
                                .file("log.json", "{\"version\": 1}"));
        server.awaitReady(1);
        server.get("/twice");
        server.log().await(0, "\"GET /twice HTTP/1.1\" 200 5", 2, ServerProcess.PATIENCE);
        server.signal("TERM");
        assertThat(server.awaitExit()).isZero();

        for (Stream stream : Stream.values()) {
            assertThat(lines(server, stream).stream().filter(line -> line.contains("Listening at")))
                    .hasSize(1);
        }
        assertThat(lines(server, Stream.OUT).stream().filter(line -> line.contains("GET /twice")))
                .hasSize(2)
                .allMatch(line -> line.matches("\\[.*\\] \\[\\d+\\] \\[INFO\\] 127.0.0.1 .*"));
    }

    @Test
    void aLoggerClassCanBeAFunctionOfTheFileAndNeedsNoLogConfig() {
        ServerProcess server =
                SERVERS.start(
                        configured(
                                """
                                accesslog = "-"
                                access_log_format = "%(r)s %(s)s"

                                def logger_class():
                                    from gunicorn.glogging import Logger

                                    class Own(Logger):
                                        error_fmt = "OWN %(levelname)s %(message)s"
                                        access_fmt = "SEEN %(message)s"

                                        def now(self):
                                            return "now"

                                    return Own
                                """));
        server.awaitLine("^OWN INFO Listening at");
        server.awaitLine("^OWN INFO Booting worker");
        server.get("/own");
        server.awaitLine("^SEEN GET /own HTTP/1.1 200$");
        server.get("/errors");
        server.awaitLine("^written to wsgi.errors$");
    }

    @Test
    void aLoggerClassCanBeNamedOnTheCommandLine() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("says:app")
                                .copy("log_setup")
                                .args(
                                        "--access-logfile",
                                        "-",
                                        "--logger-class",
                                        "log_setup.QuietLogger"));
        server.awaitReady(1);
        server.get("/health");
        server.get("/x?secret");
        server.awaitLine("\"GET /x\\?\\*\\*\\* HTTP/1.1\" 200 5");
        assertThat(lines(server, Stream.OUT)).noneMatch(line -> line.contains("/health"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    logconfig = "nofile.ini" | Error: Error: log config 'nofile.ini' not found
                    logconfig_dict = {"version": 2} | Error: logconfig_dict: Unsupported version: 2
                    logconfig_dict = {"handlers": {"f": {"class": "no.Handler"}}} | Error: logconfig_dict: Unable to configure handler 'f': Cannot resolve 'no.Handler': No module named 'no'
                    logger_class = "nosuch.Logger" | Error: logger_class = 'nosuch.Logger' cannot be used: No module named 'nosuch'. It must be a class, a function that returns one, or MODULE.CLASS
                    logconfig_json = "bad.json" | Error: logconfig_json: Expecting value: line 1 column 1 (char 0)
                    """)
    @Tag("product") // gunicorn says less
    void whatCannotBeUsedStopsTheStartWithOneLine(String setting, String error) {
        Launch launch = configured(setting + "\n").file("bad.json", "nothing").expecting(".*");
        ServerProcess server = SERVERS.start(launch);

        assertThat(server.awaitExit()).isEqualTo(1);
        assertThat(told(server)).containsExactly(error);
    }

    @Test
    @Tag("product") // gunicorn does not look at logs
    void checkConfigFindsWhatStopsTheStart() {
        ServerProcess server =
                SERVERS.start(
                        configured("logconfig_dict = {\"version\": 2}\n")
                                .args("--check-config")
                                .expecting(".*"));

        assertThat(server.awaitExit()).isEqualTo(1);
        assertThat(told(server)).containsExactly("Error: logconfig_dict: Unsupported version: 2");
    }

    private static List<String> told(ServerProcess server) {
        return server.log().texts().stream().filter(line -> !line.isBlank()).toList();
    }

    @Test
    @Tag("product") // gunicorn does not look at logs
    void checkConfigFindsNothingWrongWithAGoodOne() {
        ServerProcess server = SERVERS.start(jsonLogs("hello:app").args("--check-config"));

        assertThat(server.awaitExit()).isZero();
        assertThat(told(server)).isEmpty();
    }
}
