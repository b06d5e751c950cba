package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.config.BindAddress.Tcp;
import io.jgunicorn.os.Descriptors;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketActivationTest {
    private static final long PID = 4711;
    private static final int O_NONBLOCK = 04000;
    private static final int O_CLOEXEC = 02000000;

    @TempDir Path folder;

    /** Descriptors that a test has opened and not given away. */
    private final List<Integer> open = new ArrayList<>();

    @BeforeEach
    void load() {
        Epoll.ensureAvailability();
    }

    @AfterEach
    void close() {
        open.forEach(Descriptors::close);
    }

    @Test
    void tcpSocketIsServedWhereItListens() throws Exception {
        Socket systemd = Socket.newSocketStream();
        systemd.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        systemd.listen(1);

        try (Listener listener = SocketActivation.take(systemd.intValue(), 16)) {
            int port = systemd.localAddress().getPort();
            assertThat(listener.bound()).hasToString("http://127.0.0.1:" + port);
            assertThat(listener.descriptor().intValue()).isEqualTo(systemd.intValue());
        }
    }

    @Test
    void ipv6AddressIsShownShort() throws Exception {
        Listener systemd =
                Listener.open(new Tcp("::", 0), 16, TestConfig.serving("").server().process());
        String port = systemd.bound().toString().replaceFirst(".*:", "");

        try (Listener listener = SocketActivation.take(systemd.descriptor().intValue(), 16)) {
            assertThat(listener.bound()).hasToString("http://[::]:" + port);
        }
    }

    @Test
    void socketThatIsOnlyBoundBeginsToListenAndItsFileStays() throws Exception {
        Path path = folder.resolve("app.sock");
        Socket systemd = Socket.newSocketDomain();
        systemd.bind(new DomainSocketAddress(path.toString()));

        try (Listener listener = SocketActivation.take(systemd.intValue(), 16)) {
            assertThat(listener.bound()).hasToString("unix:" + path);
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        }

        assertThat(path).exists();
    }

    @Test
    void socketWithoutAFileIsShownWithAnAt() throws Exception {
        String name = "jgunicorn-test-" + ProcessHandle.current().pid();
        Socket systemd = Socket.newSocketDomain();
        systemd.bind(new DomainSocketAddress("\0" + name));

        try (Listener listener = SocketActivation.take(systemd.intValue(), 16)) {
            assertThat(listener.bound()).hasToString("unix:@" + name);
        }
    }

    /** Made by the JDK, because Netty's sockets have these flags from the start. */
    @Test
    void callsOnTheSocketDoNotWaitAndOtherProgramsDoNotGetIt() throws Exception {
        Set<Integer> before = openSockets();
        try (ServerSocketChannel systemd = ServerSocketChannel.open()) {
            systemd.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            Set<Integer> fresh = openSockets();
            fresh.removeAll(before);
            int descriptor = fresh.iterator().next();
            assertThat(flags(descriptor) & (O_NONBLOCK | O_CLOEXEC)).isZero();

            Listener listener = SocketActivation.take(descriptor, 16);

            assertThat(listener.bound()).hasToString("http:/" + systemd.getLocalAddress());
            assertThat(flags(descriptor) & O_NONBLOCK).isNotZero();
            assertThat(flags(descriptor) & O_CLOEXEC).isNotZero();
        }
    }

    @Test
    void datagramSocketIsRefused() {
        assertRefused(
                opened(Socket.newSocketDomainDgram().intValue()),
                "is a datagram socket, not a stream one (ListenStream=).");
    }

    @Test
    void connectionIsRefused() throws Exception {
        Socket server = Socket.newSocketDomain();
        opened(server.intValue());
        server.bind(new DomainSocketAddress(folder.resolve("app.sock").toString()));
        server.listen(1);
        Socket client = Socket.newSocketDomain();
        client.connect(server.localDomainSocketAddress());

        assertRefused(
                opened(client.intValue()),
                "is a socket that cannot listen: listen(..) failed with error(-22): Invalid"
                        + " argument.");
    }

    @Test
    void socketWithoutAnAddressIsRefusedBecauseTheSystemWouldChooseOne() {
        assertRefused(
                opened(Socket.newSocketStream().intValue()),
                "is a socket that neither listens nor has an address.");
    }

    @Test
    void whatBindNamesIsRefusedByThatName() {
        int descriptor = opened(Descriptors.memfdCreate("no-socket"));
        assertThatThrownBy(() -> SocketActivation.takeNamed(descriptor, 16))
                .isInstanceOf(StartFailure.class)
                .hasMessage(
                        "Error: descriptor "
                                + descriptor
                                + ", named in bind, is /memfd:no-socket (deleted), not a socket.");
    }

    @Test
    void fileOfTheJvmCountsAsNotOpen() throws Exception {
        Path file = Path.of(System.getProperty("java.home"), "release").toRealPath();
        System.setProperty("jgunicorn.home", file.getParent().toString());
        try (FileInputStream _ = new FileInputStream(file.toFile())) {
            assertRefused(descriptorOf(file), "is not open.");
        } finally {
            System.clearProperty("jgunicorn.home");
        }
    }

    private static int descriptorOf(Path file) throws IOException {
        for (String name : new File("/proc/self/fd").list()) {
            Path link = Path.of("/proc/self/fd", name);
            if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)
                    && Files.readSymbolicLink(link).equals(file)) {
                return Integer.parseInt(name);
            }
        }
        throw new AssertionError(file + " is not open");
    }

    @Test
    void whatIsNoSocketIsRefusedByItsName() {
        assertRefused(
                opened(Descriptors.memfdCreate("no-socket")),
                "is /memfd:no-socket (deleted), not a socket.");
    }

    @Test
    void whatIsNotOpenIsRefused() {
        assertRefused(1_000_000, "is not open.");
    }

    @Test
    void socketsOfAnotherProcessAreIgnored() throws Exception {
        Map<String, String> environment =
                Map.of("LISTEN_PID", "" + (PID + 1), "LISTEN_FDS", "1000");

        assertThat(SocketActivation.take(environment, PID, 16)).isEmpty();
        assertThat(SocketActivation.take(Map.of("LISTEN_FDS", "1000"), PID, 16)).isEmpty();
    }

    @Test
    void thereMayBeNone() throws Exception {
        Map<String, String> zero = Map.of("LISTEN_PID", "" + PID, "LISTEN_FDS", "0");

        assertThat(SocketActivation.take(zero, PID, 16)).isEmpty();
        assertThat(SocketActivation.take(Map.of("LISTEN_PID", "" + PID), PID, 16)).isEmpty();
    }

    @Test
    void unreadableNumberIsRefused() {
        Map<String, String> environment = Map.of("LISTEN_PID", "" + PID, "LISTEN_FDS", "-1");

        assertThatThrownBy(() -> SocketActivation.take(environment, PID, 16))
                .isInstanceOf(StartFailure.class)
                .hasMessage("Error: LISTEN_FDS is '-1', which is not a number of sockets.");
    }

    private static Set<Integer> openSockets() throws IOException {
        Set<Integer> sockets = new TreeSet<>();
        for (String name : new File("/proc/self/fd").list()) {
            Path link = Path.of("/proc/self/fd", name);
            if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)
                    && Files.readSymbolicLink(link).toString().startsWith("socket:")) {
                sockets.add(Integer.valueOf(name));
            }
        }
        return sockets;
    }

    /** Flags of an open file as in open(2). */
    private static int flags(int descriptor) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor)).stream()
                .filter(line -> line.startsWith("flags:"))
                .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", ""), 8))
                .findFirst()
                .orElseThrow();
    }

    private int opened(int descriptor) {
        open.add(descriptor);
        return descriptor;
    }

    private static void assertRefused(int descriptor, String found) {
        assertThatThrownBy(() -> SocketActivation.take(descriptor, 16))
                .isInstanceOfSatisfying(
                        StartFailure.class, e -> assertThat(e.exitCode()).isEqualTo(1))
                .hasMessage("Error: descriptor " + descriptor + ", passed by LISTEN_FDS, " + found);
    }
}
