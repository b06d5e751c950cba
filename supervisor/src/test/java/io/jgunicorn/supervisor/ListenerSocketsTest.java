package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.BindAddress.Tcp;
import io.jgunicorn.config.BindAddress.UnixSocket;
import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.os.Signal;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenerSocketsTest {
    @TempDir Path folder;
    private final Inbox inbox = new Inbox();
    private LogLines log;
    private ListenerSockets sockets;

    @BeforeEach
    void open() throws Exception {
        log = new LogLines(folder);
        sockets = new ListenerSockets(log.log(), List.of());
    }

    @AfterEach
    void close() {
        sockets.close();
    }

    @Test
    void portZeroBecomesThePortTheSystemChose() throws Exception {
        Tcp bound = (Tcp) bind(TestConfig.ANY_PORT).getFirst().bound();

        assertThat(bound.port()).isPositive();
        assertThat(bound).hasToString("http://127.0.0.1:" + bound.port());
    }

    @Test
    void connectionsThatNobodyAcceptsAreCounted() throws Exception {
        Listener tcp = bind(TestConfig.ANY_PORT).getFirst();
        assertThat(tcp.waiting()).isZero();

        int port = ((Tcp) tcp.bound()).port();
        try (java.net.Socket one = new java.net.Socket(InetAddress.getLoopbackAddress(), port);
                java.net.Socket two = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
            assertThat(one.isConnected() && two.isConnected()).isTrue();
            assertThat(tcp.waiting()).isEqualTo(2);
        }
    }

    @Test
    void severalAddressesAreShownJoinedByCommas() throws Exception {
        List<Listener> listeners =
                bind(new UnixSocket(folder.resolve("a")), new UnixSocket(folder.resolve("b")));

        assertThat(ListenerSockets.shown(listeners))
                .isEqualTo("unix:%s/a,unix:%s/b".formatted(folder, folder));
    }

    @Test
    void sameAddressTwiceIsTwoSockets() throws Exception {
        assertThat(bind(TestConfig.ANY_PORT, TestConfig.ANY_PORT))
                .extracting(Listener::bound)
                .doesNotHaveDuplicates();
    }

    @Test
    void ipv6LiteralIsBoundAsIpv6() throws Exception {
        Tcp bound = (Tcp) bind(new Tcp("::1", 0)).getFirst().bound();

        assertThat(InetAddress.ofLiteral(bound.host())).isEqualTo(InetAddress.ofLiteral("::1"));
    }

    @Test
    void clientIsNotAcceptedByTheMasterButWaitsForAWorker() throws Exception {
        Listener listener = bind(TestConfig.ANY_PORT).getFirst();
        int port = ((Tcp) listener.bound()).port();

        try (var _ = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
            int accepted = new Socket(listener.descriptor().intValue()).accept(new byte[26]);
            assertThat(accepted).as("descriptor of the connection").isPositive();
            new Socket(accepted).close();
        }
    }

    @Test
    void socketFileIsWritableByAllAndGoneAfterClose() throws Exception {
        Path path = folder.resolve("app.sock");
        bind(new UnixSocket(path));
        assertThat((int) Files.getAttribute(path, "unix:mode") & 0777).isEqualTo(0777);

        sockets.close();

        assertThat(path).doesNotExist();
    }

    @Test
    void socketFileOfADeadServerIsReplaced() throws Exception {
        Path path = folder.resolve("app.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(path))
                .close();

        assertThat(bind(new UnixSocket(path))).hasSize(1);
    }

    @Test
    void fileThatIsNoSocketIsLeftAlone() throws Exception {
        Path path = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> bind(new UnixSocket(path)))
                .isInstanceOf(StartFailure.class)
                .hasMessage("Error: '%s' is not a socket", path);
        assertThat(path).exists();
    }

    @Test
    void socketFileOfASuccessorIsLeftAlone() throws Exception {
        Path path = folder.resolve("app.sock");
        bind(new UnixSocket(path));
        Files.move(path, folder.resolve("old.sock")); // keeps the inode from being used again
        try (var successor = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            successor.bind(UnixDomainSocketAddress.of(path));

            sockets.close();

            assertThat(path).exists();
        }
    }

    @Test
    void vanishedSocketFileIsNoError() throws Exception {
        Path path = folder.resolve("app.sock");
        bind(new UnixSocket(path));
        Files.delete(path);

        sockets.close();

        assertThat(log.all()).isEmpty();
    }

    @Test
    void pathTooLongForASocketIsRefusedAtOnce() {
        Path path = folder.resolve("x".repeat(120));

        assertThatThrownBy(() -> bind(new UnixSocket(path)))
                .hasMessage("Error: '%s' is too long for a socket path", path);
    }

    @Test
    void addressInUseIsTriedAgainUntilASignalAsksToStop() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            inbox.post(new Event.SignalReceived(Signal.TERM));
            String shown = "('127.0.0.1', " + other.getLocalPort() + ")";

            assertThatThrownBy(() -> bind(new Tcp("127.0.0.1", other.getLocalPort())))
                    .isInstanceOfSatisfying(
                            StartFailure.class, e -> assertThat(e.exitCode()).isZero());
            log.await("[ERROR] Connection in use: " + shown);
            log.await(
                    "[ERROR] connection to "
                            + shown
                            + " failed: [Errno 98] Address already in use");
            log.await("[DEBUG] Retrying in 1 second.");
            log.await("[INFO] Handling signal: term");
        }
    }

    @Test
    void addressOfAnotherMachineIsCalledInvalid() throws Exception {
        inbox.post(new Event.SignalReceived(Signal.INT));

        assertThatThrownBy(() -> bind(new Tcp("192.0.2.77", 0))).isInstanceOf(StartFailure.class);
        log.await("[ERROR] Invalid address: ('192.0.2.77', 0)");
    }

    @Test
    void reloadKeepsOpenSocketsAndOpensNewOnes() throws Exception {
        UnixSocket fresh = new UnixSocket(folder.resolve("new.sock"));
        Listener kept = bind(TestConfig.ANY_PORT).getFirst();

        List<Listener> listeners = sockets.reopenAll(config(TestConfig.ANY_PORT, fresh));

        assertThat(listeners).hasSize(2).contains(kept);
        sockets.retain(List.of(kept));
        assertThat(fresh.path()).doesNotExist();
    }

    @Test
    void reloadThatCannotBindLeavesNothingNewBehind() throws Exception {
        UnixSocket fresh = new UnixSocket(folder.resolve("new.sock"));
        UnixSocket impossible = new UnixSocket(folder.resolve("none/x.sock"));

        assertThatThrownBy(() -> sockets.reopenAll(config(fresh, impossible)))
                .isInstanceOf(BindFailure.class)
                .hasMessage("[Errno 2] No such file or directory");
        assertThat(fresh.path()).doesNotExist();
    }

    @Test
    void inheritedSocketsStandInForTheAddressesOfEveryConfiguration() throws Exception {
        Path path = folder.resolve("systemd.sock");
        Socket systemd = Socket.newSocketDomain();
        systemd.bind(new DomainSocketAddress(path.toString()));
        Listener inherited = SocketActivation.take(systemd.intValue(), 16);
        Path unused = folder.resolve("unused.sock");
        try (var activated = new ListenerSockets(log.log(), List.of(inherited))) {
            ServerConfig config = config(new UnixSocket(unused));

            assertThat(activated.openAll(config, inbox)).containsExactly(inherited);
            assertThat(activated.reopenAll(config)).containsExactly(inherited);

            activated.retain(List.of(inherited));
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        }
        assertThat(unused).doesNotExist();
        assertThat(path).as("the file is systemd's").exists();
        assertThatThrownBy(() -> SocketChannel.open(UnixDomainSocketAddress.of(path)))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void namedDescriptorIsServedInPlaceOfOtherAddressesUntilAReloadLeavesItOut() throws Exception {
        Path unused = folder.resolve("unused.sock");
        Socket passed = passed("passed.sock");
        BindAddress named = new BindAddress.InheritedFd(passed.intValue());

        List<Listener> listeners = bind(new UnixSocket(unused), named, named);

        assertThat(listeners)
                .singleElement()
                .satisfies(l -> assertThat(l.bound()).hasToString("unix:" + passedFile()));
        assertThat(unused).doesNotExist();
        assertThat(sockets.reopenAll(config(named))).isEqualTo(listeners);
        sockets.adoptFiles();

        List<Listener> others = sockets.reopenAll(config(new UnixSocket(unused)));
        sockets.retain(others);
        assertThat(unused).exists();
        assertThat(passedFile()).as("the file is another's").exists();
        assertThatThrownBy(() -> SocketChannel.open(UnixDomainSocketAddress.of(passedFile())))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void namedDescriptorsAreServedBesideThoseOfAServiceManager() throws Exception {
        Listener systemd = SocketActivation.take(passed("systemd.sock").intValue(), 16);
        Socket passed = passed("passed.sock");
        try (var activated = new ListenerSockets(log.log(), List.of(systemd))) {
            ServerConfig config = config(new BindAddress.InheritedFd(passed.intValue()));

            assertThat(ListenerSockets.shown(activated.openAll(config, inbox)))
                    .isEqualTo("unix:%s,unix:%s/systemd.sock".formatted(passedFile(), folder));
            assertThat(activated.reopenAll(config)).hasSize(2).contains(systemd);
        }
    }

    @Test
    void namedDescriptorOfTheMasterBeforeDoesNotStandInForOtherAddresses() throws Exception {
        Listener named = SocketActivation.takeNamed(passed("passed.sock").intValue(), 16);
        Path fresh = folder.resolve("fresh.sock");
        try (var handedOver = new ListenerSockets(log.log(), List.of(named))) {
            assertThat(ListenerSockets.shown(handedOver.openAll(config(named.asked()), inbox)))
                    .isEqualTo("unix:" + passedFile());
            List<Listener> others = handedOver.reopenAll(config(new UnixSocket(fresh)));
            assertThat(ListenerSockets.shown(others)).isEqualTo("unix:" + fresh);
        }
    }

    @Test
    void reloadTakesNoDescriptorBecauseItMayBeOurOwn() throws Exception {
        Listener own = bind(TestConfig.ANY_PORT).getFirst();
        int descriptor = own.descriptor().intValue();

        assertThatThrownBy(() -> sockets.reopenAll(config(new BindAddress.InheritedFd(descriptor))))
                .isInstanceOf(BindFailure.class)
                .hasMessage("fd://" + descriptor + " can be taken at the start only");
    }

    private Path passedFile() {
        return folder.resolve("passed.sock");
    }

    /** A socket as another process would leave it to us. */
    private Socket passed(String name) throws IOException {
        Socket socket = Socket.newSocketDomain();
        socket.bind(new DomainSocketAddress(folder.resolve(name).toString()));
        return socket;
    }

    private List<Listener> bind(BindAddress... addresses)
            throws StartFailure, InterruptedException, IOException {
        return sockets.openAll(config(addresses), inbox);
    }

    private static ServerConfig config(BindAddress... addresses) {
        return TestConfig.serving("ok").withBind(addresses).server();
    }
}
