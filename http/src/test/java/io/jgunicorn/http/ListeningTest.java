package io.jgunicorn.http;

import static io.jgunicorn.http.Replies.ok;
import static io.jgunicorn.http.Replies.onOwnThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.config.BindAddress;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ListeningTest {
    private static final String LAST_GET = "GET /a HTTP/1.1\r\nConnection: close\r\n\r\n";

    @TempDir private Path folder;

    private HttpServer server(Transport transport) {
        return new HttpServer(
                TestConfig.spoolingTo(folder).build(),
                onOwnThread(
                        e ->
                                ok(
                                        e,
                                        "["
                                                + e.request().client()
                                                + "|"
                                                + e.request().server()
                                                + "|"
                                                + e.request().serverPort()
                                                + "]")),
                transport,
                Neighbours.NONE);
    }

    private static String overUnix(Path path) throws Exception {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            client.write(ByteBuffer.wrap(LAST_GET.getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(8192);
            while (client.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void clientsOfAUnixSocketHaveNoAddress() throws Exception {
        Path path = folder.resolve("s");
        try (Transport transport = Transport.open();
                HttpServer server = server(transport)) {
            server.listen(ListeningSockets.unix(path), new BindAddress.UnixSocket(path));
            server.serve();
            assertThat(overUnix(path)).endsWith("[|" + path + "|]");
        }
    }

    @Test
    void tcpListenerQueuesUntilServed() throws Exception {
        try (Transport transport = Transport.open();
                HttpServer server = server(transport)) {
            int fd = ListeningSockets.tcp();
            BindAddress.Tcp known =
                    (BindAddress.Tcp) server.listen(fd, new BindAddress.InheritedFd(fd));
            assertThat(known.port()).isPositive();
            try (RawClient client = RawClient.connect(known.port())) {
                client.send(LAST_GET);
                assertThat(server.openConnections()).isZero();
                server.serve();
                assertThat(client.readAll()).endsWith("[127.0.0.1|127.0.0.1|" + known.port() + "]");
            }
        }
    }

    @Test
    void inheritedUnixListenerIsKnownByItsPath() throws Exception {
        Path path = folder.resolve("inherited");
        try (Transport transport = Transport.open();
                HttpServer server = server(transport)) {
            int fd = ListeningSockets.unix(path);
            assertThat(server.listen(fd, new BindAddress.InheritedFd(fd)))
                    .isEqualTo(new BindAddress.UnixSocket(path));
            server.serve();
            assertThat(overUnix(path)).endsWith("[|" + path + "|]");
        }
    }

    @Test
    void descriptorThatIsNoSocketIsRefused() {
        try (Transport transport = Transport.open();
                HttpServer server = server(transport)) {
            assertThatThrownBy(() -> server.listen(123456, new BindAddress.Tcp("127.0.0.1", 80)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("Can't listen at http://127.0.0.1:80");
        }
    }
}
