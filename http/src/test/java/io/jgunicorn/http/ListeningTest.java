package io.jgunicorn.http;

import static io.jgunicorn.http.Replies.ok;
import static io.jgunicorn.http.Replies.onOwnThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jgunicorn.config.BindAddress;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
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
                TestServer.config(folder, HttpNotices.silent()),
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
                transport);
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

    /** A listening descriptor that no channel of this process owns any more. */
    private static int descriptor(
            Transport owner, Class<? extends ServerChannel> type, SocketAddress address) {
        Channel channel =
                new ServerBootstrap()
                        .group(owner.group())
                        .channel(type)
                        .option(ChannelOption.AUTO_READ, false)
                        .childHandler(new ChannelInboundHandlerAdapter())
                        .bind(address)
                        .syncUninterruptibly()
                        .channel();
        channel.deregister().syncUninterruptibly();
        return ((UnixChannel) channel).fd().intValue();
    }

    @Test
    void unixSocketsHaveNoClientAddress() throws Exception {
        for (Transport transport : new Transport[] {Transport.best(), Transport.nio()}) {
            Path path = folder.resolve("s" + transport.adoptsDescriptors());
            try (transport;
                    HttpServer server = server(transport)) {
                server.bind(new BindAddress.UnixSocket(path), false);
                server.serve();
                assertThat(overUnix(path)).endsWith("[|" + path + "|]");
            }
        }
    }

    @Test
    void inheritedTcpListenerIsAdoptedAndQueuesUntilServed() throws Exception {
        assumeTrue(Transport.best().adoptsDescriptors());
        try (Transport owner = Transport.best();
                Transport transport = Transport.best();
                HttpServer server = server(transport)) {
            int fd =
                    descriptor(
                            owner,
                            EpollServerSocketChannel.class,
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
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
    void inheritedUnixListenerIsAdoptedWithItsPath() throws Exception {
        assumeTrue(Transport.best().adoptsDescriptors());
        Path path = folder.resolve("inherited");
        try (Transport owner = Transport.best();
                Transport transport = Transport.best();
                HttpServer server = server(transport)) {
            int fd =
                    descriptor(
                            owner,
                            EpollServerDomainSocketChannel.class,
                            new DomainSocketAddress(path.toString()));
            assertThat(server.listen(fd, new BindAddress.InheritedFd(fd)))
                    .isEqualTo(new BindAddress.UnixSocket(path));
            server.serve();
            assertThat(overUnix(path)).endsWith("[|" + path + "|]");
        }
    }

    @Test
    void twoServersShareAPortWithReusePort() throws Exception {
        try (Transport first = Transport.best();
                Transport second = Transport.best();
                HttpServer one = server(first);
                HttpServer two = server(second)) {
            BindAddress bound = one.bind(new BindAddress.Tcp("127.0.0.1", 0), true);
            assertThat(two.bind(bound, true)).isEqualTo(bound);
        }
    }
}
