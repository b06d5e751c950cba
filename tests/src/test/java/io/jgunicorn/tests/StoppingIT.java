package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Await;
import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the server ends, when told to and when its master is killed. */
class StoppingIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    /** Says when a request is inside the application: the file named in the query appears. */
    private static final String MARKING_APP =
            """
            import time
            from urllib.parse import parse_qs

            def app(environ, start_response):
                query = parse_qs(environ["QUERY_STRING"])
                if query:
                    open(query["mark"][0] + ".begun", "w").close()
                    time.sleep(float(query["seconds"][0]))
                start_response("200 OK", [("Content-Length", "4")])
                return [b"done"]
            """;

    @Test
    void termAnswersEveryRunningRequestAndLeavesNothing() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        markingApp()
                                .args("-k", "gthread", "--threads", "20", "-w", "1")
                                .args("-b", "unix:app.sock", "--pid", "app.pid"));
        server.awaitReady(1);
        List<RawHttp> clients = begin(server, 20, 3);

        server.signal("TERM");
        server.awaitLine("\\[INFO\\] Handling signal: term$");
        for (RawHttp client : clients) {
            assertThat(client.read().body()).isEqualTo("done");
            client.close();
        }

        assertThat(server.awaitExit()).isZero();
        server.awaitLine("\\[INFO\\] Worker exiting \\(pid: \\d+\\)$");
        server.awaitLine("\\[INFO\\] Shutting down: Master$");
        assertThat(server.family()).isEmpty();
        assertThat(server.directory().resolve("app.sock")).doesNotExist();
        assertThat(server.directory().resolve("app.pid")).doesNotExist();
    }

    /** As CPython has it: threads first, then handlers, the last registered first, then buffers. */
    @Test
    void aWorkerEndsAsThePythonProcessItIs() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("last_words:application")
                                .expecting("^Error in atexit", "^Traceback", "^ValueError"));
        server.awaitReady(1);
        assertThat(server.get("/").text()).isEqualTo("from the database");

        server.signal("TERM");
        assertThat(server.awaitExit()).isZero();

        server.awaitLine("\\[INFO\\] Shutting down: Master$");
        assertThat(server.log().texts())
                .containsSubsequence("thread ends", "exit handler two", "exit handler one")
                .contains("ValueError: a mistake in an exit handler", "from the buffer")
                .noneMatch(line -> line.contains("[WARNING]"));
    }

    @Test
    void termKillsWhatRunsLongerThanTheGracefulTimeout() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        markingApp()
                                .args("-k", "gthread", "--threads", "2")
                                .args("--graceful-timeout", "2"));
        server.awaitReady(1);
        List<RawHttp> clients = begin(server, 1, 100);

        server.signal("TERM");

        assertThat(server.awaitExit(Duration.ofSeconds(15))).isZero();
        assertThat(server.family()).isEmpty();
        for (RawHttp client : clients) {
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "QUIT"})
    void quickStopDoesNotWaitForRequests(String signal) throws IOException {
        ServerProcess server =
                SERVERS.start(
                        markingApp()
                                .args("-k", "sync", "-w", "2")
                                .expecting("Error handling request", "Traceback"));
        server.awaitReady(2);
        List<RawHttp> clients = begin(server, 1, 100);

        server.signal(signal);

        assertThat(server.awaitExit(Duration.ofSeconds(15))).isZero();
        server.awaitLine("Handling signal: " + signal.toLowerCase(Locale.ROOT) + "$");
        for (RawHttp client : clients) {
            client.close();
        }
    }

    @Test
    void termWhileWorkersBootEndsTheServer() {
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("slow_import:app")
                                .file("slow_import.py", "import time\ntime.sleep(3)\napp = print\n")
                                .args("-w", "2"));
        server.log().await(0, "Booting worker", 2, PATIENCE);

        server.signal("TERM");

        assertThat(server.awaitExit()).isZero();
    }

    @Test
    void killedMasterLeavesNoWorkerBehind() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app")
                                .args("-w", "2", "-k", "gthread")
                                .args("--no-control-socket")); // the next start replaces its file
        server.awaitReady(2);
        assertThat(server.workers()).hasSize(2);

        server.signal("KILL");

        assertThat(server.awaitExit()).isEqualTo(128 + 9);
        Await.until("the workers to leave", Duration.ofSeconds(5), () -> server.family().isEmpty());
    }

    private static Launch markingApp() {
        return Launch.spec("marking:app").file("marking.py", MARKING_APP);
    }

    /** Starts requests that take so long, and returns when all are inside the application. */
    private static List<RawHttp> begin(ServerProcess server, int count, int seconds)
            throws IOException {
        SocketAddress address = server.address();
        List<RawHttp> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawHttp client = RawHttp.connect(address);
            clients.add(client);
            client.send(
                    "GET /?seconds=%d&mark=m%d HTTP/1.1\r\nHost: test\r\n\r\n"
                            .formatted(seconds, i));
        }
        for (int i = 0; i < count; i++) {
            Path mark = server.directory().resolve("m" + i + ".begun");
            server.awaitThat("request " + i + " to begin", mark.toFile()::exists);
        }
        return clients;
    }
}
