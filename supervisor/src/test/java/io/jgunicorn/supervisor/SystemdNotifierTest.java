package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.supervisor.ServiceStatus.Phase;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystemdNotifierTest {
    private static final long PID = 4711;
    private static final ServiceStatus STARTING = status(Phase.STARTING, 0, "booting");
    private static final ServiceStatus READY = status(Phase.READY, 0, "serving");

    @TempDir Path folder;
    private final List<AutoCloseable> open = new ArrayList<>();
    private LogLines log;
    private Path path;

    @BeforeEach
    void open() throws Exception {
        Epoll.ensureAvailability();
        log = new LogLines(folder);
        path = folder.resolve("notify");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable part : open) {
            part.close();
        }
    }

    @Test
    void readinessComesWithItsStatusAndThenOnlyTheStatusIsTold() throws Exception {
        Socket systemd = systemd("" + path);
        SystemdNotifier notifier = notifier(Map.of());

        notifier.tell(STARTING);
        notifier.tell(READY);
        notifier.tell(status(Phase.READY, 0, "still serving"));

        assertThat(read(systemd))
                .containsExactly(
                        "STATUS=booting", "READY=1\nSTATUS=serving", "STATUS=still serving");
    }

    @Test
    void reloadHasATimeAndEachReloadIsAnnounced() throws Exception {
        Socket systemd = systemd("" + path);
        SystemdNotifier notifier = notifier(Map.of());
        long before = System.nanoTime() / 1000;

        notifier.tell(status(Phase.RELOADING, 1, "reading"));
        notifier.tell(status(Phase.RELOADING, 1, "booting"));
        notifier.tell(status(Phase.RELOADING, 2, "reading"));
        notifier.tell(status(Phase.READY, 2, "serving"));
        long after = System.nanoTime() / 1000;

        List<String> messages = read(systemd);
        String announcement = "RELOADING=1\nMONOTONIC_USEC=(\\d+)\nSTATUS=reading";
        assertThat(messages).hasSize(4);
        assertThat(messages.get(0)).matches(announcement);
        assertThat(Long.parseLong(messages.get(0).replaceAll(announcement, "$1")))
                .isBetween(before, after);
        assertThat(messages.get(1)).isEqualTo("STATUS=booting");
        assertThat(messages.get(2)).matches(announcement);
        assertThat(messages.get(3)).isEqualTo("READY=1\nSTATUS=serving");
    }

    @Test
    void stopIsAnnounced() throws Exception {
        Socket systemd = systemd("" + path);

        notifier(Map.of()).tell(status(Phase.STOPPING, 0, "going"));

        assertThat(read(systemd)).containsExactly("STOPPING=1\nSTATUS=going");
    }

    @Test
    void namesInTheAbstractNamespaceAreUnderstood() throws Exception {
        String name = "jgunicorn-test-" + ProcessHandle.current().pid();
        Socket systemd = systemd("\0" + name);

        notifier(Map.of("NOTIFY_SOCKET", "@" + name)).tell(READY);

        assertThat(read(systemd)).containsExactly("READY=1\nSTATUS=serving");
    }

    @Test
    void keepAliveComesAfterEachHalfOfTheTime() throws Exception {
        Socket systemd = systemd("" + path);
        SystemdNotifier notifier = notifier(Map.of("WATCHDOG_USEC", "2000000"));
        notifier.tell(READY);

        notifier.turn(Duration.ofSeconds(50));
        notifier.turn(Duration.ofMillis(50_999));
        assertThat(read(systemd)).containsExactly("READY=1\nSTATUS=serving", "WATCHDOG=1");
        notifier.turn(Duration.ofSeconds(51));
        notifier.turn(Duration.ofMillis(51_250));

        assertThat(read(systemd)).containsExactly("WATCHDOG=1");
    }

    @Test
    void watchdogIsFedOnlyWhileTheServerIsAlive() throws Exception {
        Socket systemd = systemd("" + path);
        SystemdNotifier notifier = notifier(Map.of("WATCHDOG_USEC", "2000000"));

        notifier.turn(Duration.ofSeconds(1));
        notifier.tell(new ServiceStatus(Phase.READY, 0, false, "no worker"));
        notifier.turn(Duration.ofSeconds(2));
        assertThat(read(systemd)).containsExactly("READY=1\nSTATUS=no worker");
        notifier.tell(READY);
        notifier.turn(Duration.ofSeconds(3));

        assertThat(read(systemd)).containsExactly("STATUS=serving", "WATCHDOG=1");
    }

    @Test
    void watchdogOfThisProcessIsFed() throws Exception {
        Socket systemd = systemd("" + path);
        SystemdNotifier notifier =
                notifier(Map.of("WATCHDOG_USEC", "2000000", "WATCHDOG_PID", "" + PID));
        notifier.tell(READY);

        notifier.turn(Duration.ofSeconds(1));

        assertThat(read(systemd)).endsWith("WATCHDOG=1");
    }

    @Test
    void watchdogOfAnotherProcessIsNoneOfOurs() throws Exception {
        Socket systemd = systemd("" + path);
        SystemdNotifier notifier =
                notifier(Map.of("WATCHDOG_USEC", "2000000", "WATCHDOG_PID", "" + (PID + 1)));
        notifier.tell(READY);

        notifier.turn(Duration.ofSeconds(1));

        assertThat(read(systemd)).containsExactly("READY=1\nSTATUS=serving");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "soon", "99999999999999999999"})
    void watchdogWithoutATimeIsNamedInAWarning(String time) throws Exception {
        Socket systemd = systemd("" + path);
        SystemdNotifier notifier = notifier(Map.of("WATCHDOG_USEC", time));
        notifier.tell(READY);

        notifier.turn(Duration.ofSeconds(1));

        log.await("[WARNING] WATCHDOG_USEC " + time + " is not a number of microseconds");
        assertThat(read(systemd)).containsExactly("READY=1\nSTATUS=serving");
    }

    @Test
    void missingReceiverIsWorthOneWarningAndIsToldAsSoonAsItIsThere() throws Exception {
        SystemdNotifier notifier = notifier(Map.of());
        notifier.tell(STARTING);
        notifier.tell(READY);
        notifier.turn(Duration.ofSeconds(1));
        log.log().info("now");
        log.await("[INFO] now");
        assertThat(log.all())
                .filteredOn(line -> line.contains("[WARNING]"))
                .singleElement()
                .asString()
                .endsWith(
                        "[WARNING] NOTIFY_SOCKET "
                                + path
                                + " cannot be told: No such file or directory");

        Socket systemd = systemd("" + path);
        notifier.turn(Duration.ofSeconds(2));

        assertThat(read(systemd)).containsExactly("READY=1\nSTATUS=serving");
    }

    @Test
    void receiverThatFallsBehindGetsTheNewestStatusInTheEnd() throws Exception {
        Socket systemd = systemd("" + path);
        SystemdNotifier notifier = notifier(Map.of());
        int sent = 10_000; // more than any queue holds
        for (int i = 1; i <= sent; i++) {
            notifier.tell(status(Phase.READY, 0, "number " + i));
        }
        List<String> early = read(systemd);
        assertThat(early).hasSizeLessThan(sent);

        notifier.turn(Duration.ofSeconds(1));

        assertThat(read(systemd)).containsExactly("STATUS=number " + sent);
        assertThat(log.all()).isEmpty();
    }

    @Test
    void addressOfAnotherKindIsNamedInAWarning() throws Exception {
        SystemdNotifier notifier = notifier(Map.of("NOTIFY_SOCKET", "vsock:2:1234"));

        notifier.tell(READY);

        log.await("[WARNING] NOTIFY_SOCKET vsock:2:1234 is neither a path nor @NAME");
    }

    @Test
    void withoutAnAddressNobodyIsTold() throws Exception {
        SystemdNotifier notifier = notifier(Map.of("NOTIFY_SOCKET", "", "WATCHDOG_USEC", "2"));

        notifier.tell(READY);
        notifier.turn(Duration.ofSeconds(1));

        log.log().info("now");
        log.await("[INFO] now");
        assertThat(log.all()).hasSize(1);
    }

    private static ServiceStatus status(Phase phase, int reloads, String text) {
        return new ServiceStatus(phase, reloads, phase != Phase.STARTING, text);
    }

    /** One that tells the socket at {@code path}, unless the environment names another. */
    private SystemdNotifier notifier(Map<String, String> environment) {
        Map<String, String> all = new TreeMap<>(Map.of("NOTIFY_SOCKET", path.toString()));
        all.putAll(environment);
        SystemdNotifier notifier = SystemdNotifier.of(all, PID, log.log());
        open.add(notifier);
        return notifier;
    }

    private Socket systemd(String address) throws Exception {
        Socket systemd = Socket.newSocketDomainDgram();
        open.add(systemd::close);
        systemd.bind(new DomainSocketAddress(address));
        return systemd;
    }

    /** All datagrams that have arrived. */
    private static List<String> read(Socket socket) throws Exception {
        List<String> messages = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocateDirect(8192);
        for (int size = socket.read(buffer, 0, buffer.limit());
                size > 0;
                size = socket.read(buffer, 0, buffer.limit())) {
            byte[] text = new byte[size];
            buffer.get(0, text);
            messages.add(new String(text, StandardCharsets.UTF_8));
        }
        return messages;
    }
}
