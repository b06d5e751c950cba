package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.Response;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code worker_class} means. */
class WorkerClassIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    @Test
    @Tag("product") // gunicorn's sync closes after each response
    void syncKeepsConnectionsOpen() throws IOException {
        ServerProcess server = SERVERS.start(Launch.app("hello:app").args("-k", "sync"));
        server.awaitReady(1);

        try (RawHttp http = server.connect()) {
            assertThat(http.get("/").closesConnection()).isFalse();
            assertThat(http.get("/").body()).isEqualTo("Hello, world!\n");
        }
    }

    @Test
    @Tag("product") // gunicorn's sync is blocked by one idle connection
    void idleConnectionsDoNotBlockSync() throws IOException {
        ServerProcess server = SERVERS.start(Launch.app("hello:app").args("-k", "sync", "-w", "1"));
        server.awaitReady(1);

        try (RawHttp idle = server.connect();
                RawHttp slow = server.connect()) {
            idle.get("/");
            slow.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Le");
            assertThat(server.get("/").isOk()).isTrue();
            slow.send("ngth: 1\r\n\r\n1");
            assertThat(slow.read().isOk()).isTrue();
        }
    }

    @Test
    void threadsMakeSyncAGthread() throws IOException {
        ServerProcess server = SERVERS.start(Launch.app("pid:app").args("--threads", "3"));
        server.awaitReady(1);

        assertThat(server.awaitLine("Using worker: (.+)").group(1)).isEqualTo("gthread");
        assertRunSideBySide(server, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gevent", "eventlet", "tornado"})
    @Tag("product") // gunicorn needs packages for these
    void asynchronousClassesServeOnThreads(String workerClass) throws IOException {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .args("-k", workerClass, "--worker-connections", "20"));
        server.awaitReady(1);

        assertThat(server.awaitLine("Using worker: (.+)").group(1)).isEqualTo(workerClass);
        assertRunSideBySide(server, 10);
    }

    /** So many requests of two seconds finish long before they would one after another. */
    private static void assertRunSideBySide(ServerProcess server, int count) throws IOException {
        SocketAddress address = server.address();
        List<RawHttp> clients = new ArrayList<>();
        long start = System.nanoTime();
        try {
            for (int i = 0; i < count; i++) {
                RawHttp client = RawHttp.connect(address);
                clients.add(client);
                client.send("GET /?seconds=2 HTTP/1.1\r\nHost: test\r\n\r\n");
            }
            for (RawHttp client : clients) {
                Response response = client.read();
                assertThat(response.isOk()).isTrue();
            }
        } finally {
            for (RawHttp client : clients) {
                client.close();
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isLessThan(Duration.ofSeconds(2L * count - 1));
    }
}
