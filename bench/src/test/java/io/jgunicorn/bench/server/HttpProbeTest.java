package io.jgunicorn.bench.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpProbeTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Test
    void headIsReadUpToTheEmptyLine() throws IOException {
        HttpProbe.Answer answer = HttpProbe.parse("HTTP/1.1 503 Busy\r\nServer: x\r\n\r\n");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.head()).containsExactly("HTTP/1.1 503 Busy", "Server: x");
    }

    @Test
    void whatIsNotHttpIsShown() {
        assertThatThrownBy(() -> HttpProbe.parse("220 mail\r\n\r\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("220 mail");
    }

    @Test
    void onlyConnectionsThatAreAnsweredCountAsServed() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            List<Socket> open = new ArrayList<>();
            Thread server = Thread.ofVirtual().start(() -> serve(listener, 2, open));

            int served =
                    HttpProbe.countServed(listener.getLocalPort(), "/", 3, Duration.ofMillis(200));

            assertThat(served).isEqualTo(2);
            server.join();
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void connectionClosedWithoutAnswerIsAnError() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread server =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            listener.accept().close();
                                        } catch (IOException e) {
                                            throw new IllegalStateException(e);
                                        }
                                    });

            assertThatThrownBy(() -> HttpProbe.get(listener.getLocalPort(), "/", LIMIT))
                    .isInstanceOf(IOException.class);
            server.join();
        }
    }

    /** Answers so many connections, each once, and leaves them open. */
    private static void serve(ServerSocket listener, int connections, List<Socket> open) {
        try {
            for (int i = 0; i < connections; i++) {
                Socket socket = listener.accept();
                open.add(socket);
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
