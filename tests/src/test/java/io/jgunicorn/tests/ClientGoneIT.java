package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that break their connections off, before and while their requests run. */
@Tag("product")
class ClientGoneIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    private static final int STEPS = 200;

    private static ServerProcess server(String workerClass) {
        return SERVERS.start(
                        Launch.app("on_a_string:app")
                                .args("-k", workerClass, "--keep-alive", "60")
                                .args("--access-logfile", "-")
                                .args("--access-logformat", "%(U)s %(s)s"))
                .awaitReady(1);
    }

    /** The test's end of the string. */
    private static ServerSocket string() throws IOException {
        ServerSocket string = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        string.setSoTimeout((int) PATIENCE.toMillis());
        return string;
    }

    /** A connection that has been accepted: a worker whose threads are all busy accepts no more. */
    private static RawHttp connected(ServerProcess server) throws IOException {
        RawHttp http = server.connect();
        assertThat(http.get("/").body()).isEqualTo("ready");
        return http;
    }

    private static void ask(RawHttp http, String path, ServerSocket string) throws IOException {
        http.send("GET " + path + "?" + string.getLocalPort() + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    /** The event loop answers this by itself, once it has seen what came before. */
    private static void awaitTurn(RawHttp other) throws IOException {
        assertThat(other.send("nonsense\r\n\r\n").read().status()).isEqualTo(400);
    }

    private static BufferedReader words(Socket inside) throws IOException {
        inside.setSoTimeout((int) PATIENCE.toMillis());
        return new BufferedReader(new InputStreamReader(inside.getInputStream(), US_ASCII));
    }

    @Test
    void requestWhoseClientLeavesTheQueueNeverReachesTheApplication() throws IOException {
        ServerProcess server = server("sync");
        try (ServerSocket string = string();
                RawHttp running = connected(server);
                RawHttp leaver = connected(server);
                RawHttp other = connected(server);
                RawHttp another = connected(server)) {
            ask(running, "/running", string);
            try (Socket inside = string.accept()) {
                BufferedReader words = words(inside);
                assertThat(words.readLine()).isEqualTo("inside /running");
                ask(leaver, "/left", string);
                awaitTurn(other);
                leaver.reset();
                awaitTurn(another);
                inside.shutdownOutput();
                assertThat(running.read().status()).isEqualTo(200);
                assertThat(words.readLine()).isEqualTo("closed after 0");
            }
            server.awaitLine("^/left 499$");

            ask(running, "/next", string);
            try (Socket inside = string.accept()) {
                BufferedReader words = words(inside);
                assertThat(words.readLine()).isEqualTo("inside /next");
                inside.shutdownOutput();
                assertThat(running.read().status()).isEqualTo(200);
                assertThat(words.readLine()).isEqualTo("closed after 0");
            }
        }
        server.awaitLine("^/next 200$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "gthread"})
    void iterableIsClosedAsSoonAsNothingMoreCanBeWritten(String workerClass) throws IOException {
        ServerProcess server = server(workerClass);
        try (ServerSocket string = string();
                RawHttp client = connected(server)) {
            ask(client, "/stream", string);
            Socket inside = string.accept();
            BufferedReader words = words(inside);
            assertThat(words.readLine()).isEqualTo("inside /stream");
            inside.getOutputStream().write('1');
            assertThat(client.readHead().status()).isEqualTo(200);
            client.reset();
            inside.getOutputStream().write("1".repeat(STEPS - 1).getBytes(US_ASCII));

            String last = words.readLine();
            assertThat(last).startsWith("closed after ");
            assertThat(Integer.parseInt(last.substring("closed after ".length())))
                    .isLessThan(STEPS);
            inside.close();
        }
        server.awaitLine("^/stream 499$");
    }
}
