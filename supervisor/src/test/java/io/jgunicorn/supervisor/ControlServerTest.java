package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.control.ConnectionBoard;
import io.jgunicorn.control.ControlCodec;
import io.jgunicorn.control.ControlMessage;
import io.jgunicorn.control.ControlMessage.Configure;
import io.jgunicorn.control.ControlMessage.Drain;
import io.jgunicorn.control.ControlMessage.Heartbeat;
import io.jgunicorn.control.ControlMessage.ListenersReceived;
import io.jgunicorn.control.ControlMessage.Load;
import io.jgunicorn.supervisor.ControlServer.Briefing;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The test itself plays the worker: its own process is the one that is expected. */
@Timeout(30)
class ControlServerTest {
    private static final ServerConfig.ProcessSettings FILES =
            TestConfig.serving("").server().process();

    private static final long OWN = ProcessHandle.current().pid();
    private static final Configure CONFIGURE =
            new Configure(1, List.of(), Map.of("workers", 2L), "", Set.of(), List.of());

    @TempDir Path folder;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private LogLines log;
    private ControlServer control;
    private Socket worker;

    @BeforeEach
    void start() throws Exception {
        log = new LogLines(folder);
        control = ControlServer.start(log.log(), events::add);
        worker = Socket.newSocketDomain();
    }

    @AfterEach
    void close() throws IOException {
        worker.close();
        control.close();
    }

    @Test
    void workerGetsTheDescriptorsAndThenTheConfiguration() throws Exception {
        try (Listener one = Listener.open(TestConfig.ANY_PORT, 1, FILES);
                Listener two = Listener.open(TestConfig.ANY_PORT, 1, FILES)) {
            control.expect(OWN, new Briefing(List.of(one, two), CONFIGURE));
            connect();

            assertThat(receiveListener()).isEqualTo(one.bound().toString());
            assertThat(receiveListener()).isEqualTo(two.bound().toString());
            ConnectionBoard.open(receiveDescriptor()).take(OWN).publish(1);
            send(ControlCodec.encode(new ListenersReceived()));

            assertThat(receive()).isEqualTo(CONFIGURE);
            assertThat(event()).isEqualTo(new Event.MessageFrom(OWN, new ListenersReceived()));
        }
    }

    @Test
    void messagesTravelBothWays() throws Exception {
        control.expect(OWN, new Briefing(List.of(), CONFIGURE));
        connect();
        Heartbeat heartbeat = new Heartbeat(5, 1, 2, Load.UNKNOWN);
        send(ControlCodec.encode(heartbeat));
        assertThat(event()).isEqualTo(new Event.MessageFrom(OWN, heartbeat));

        control.send(OWN, new Drain());

        assertThat(receiveDescriptor()).as("the connection board").isPositive();
        assertThat(receive()).isEqualTo(new Drain());
    }

    @Test
    void processThatIsNoWorkerIsTurnedAway() throws Exception {
        connect();

        log.await("Refused a control connection that is no worker's (pid:" + OWN);
        assertThat(readByte()).as("end of stream").isNegative();
        assertThat(events).isEmpty();
    }

    @Test
    void workerConnectsOnlyOnce() throws Exception {
        control.expect(OWN, new Briefing(List.of(), CONFIGURE));
        connect();
        send(ControlCodec.encode(new Heartbeat(0, 0, 0, Load.UNKNOWN)));
        assertThat(event()).isInstanceOf(Event.MessageFrom.class);

        Socket second = Socket.newSocketDomain();
        second.connect(address());

        log.await("Refused a control connection");
        second.close();
    }

    @Test
    void nonsenseClosesTheLinkAndSaysWhy() throws Exception {
        control.expect(OWN, new Briefing(List.of(), CONFIGURE));
        connect();

        send(new byte[] {99});

        assertThat(event())
                .isEqualTo(new Event.LinkBroken(OWN, "control message of unknown type 99"));
        assertThat(event()).isEqualTo(new Event.LinkClosed(OWN));
    }

    @Test
    void messageThatIsCutShortClosesTheLinkAndSaysWhy() throws Exception {
        control.expect(OWN, new Briefing(List.of(), CONFIGURE));
        connect();

        send(new byte[] {66});

        assertThat(event())
                .isEqualTo(new Event.LinkBroken(OWN, "control message cut short after 1 bytes"));
    }

    @Test
    void frameThatIsTooLongClosesTheLink() throws Exception {
        control.expect(OWN, new Briefing(List.of(), CONFIGURE));
        connect();

        write(ByteBuffer.allocateDirect(4).putInt(Integer.MAX_VALUE).flip());

        assertThat(event()).isInstanceOf(Event.LinkBroken.class);
        assertThat(event()).isEqualTo(new Event.LinkClosed(OWN));
    }

    @Test
    void masterMessageFromAWorkerClosesTheLink() throws Exception {
        control.expect(OWN, new Briefing(List.of(), CONFIGURE));
        connect();

        send(ControlCodec.encode(new Drain()));

        assertThat(event())
                .isEqualTo(new Event.LinkBroken(OWN, "control message in the wrong direction"));
    }

    @Test
    void endOfTheProcessIsPassedOnAfterAllItSaid() throws Exception {
        control.expect(OWN, new Briefing(List.of(), CONFIGURE));
        connect();
        send(ControlCodec.encode(new Heartbeat(1, 0, 0, Load.UNKNOWN)));
        assertThat(event()).isInstanceOf(Event.MessageFrom.class);

        control.afterLink(OWN, () -> events.add(new Event.WorkerExited(OWN, 0)));
        send(ControlCodec.encode(new Heartbeat(2, 0, 0, Load.UNKNOWN)));
        worker.shutdown();

        assertThat(event())
                .isEqualTo(new Event.MessageFrom(OWN, new Heartbeat(2, 0, 0, Load.UNKNOWN)));
        assertThat(event()).isEqualTo(new Event.LinkClosed(OWN));
        assertThat(event()).isEqualTo(new Event.WorkerExited(OWN, 0));
    }

    @Test
    void placeOnTheBoardIsClearedWhenTheWorkerHasEnded() throws Exception {
        control.expect(OWN, new Briefing(List.of(), CONFIGURE));
        connect();
        ConnectionBoard board = ConnectionBoard.open(receiveDescriptor());
        ConnectionBoard.Place other = board.take(OWN + 1);
        board.take(OWN).publish(3);
        assertThat(other.fewestElsewhere()).isEqualTo(3);

        control.afterLink(OWN, () -> {});

        assertThat(other.fewestElsewhere()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void endOfAProcessThatNeverConnectedIsPassedOnAtOnce() throws Exception {
        control.expect(OWN, new Briefing(List.of(), CONFIGURE));

        control.afterLink(OWN, () -> events.add(new Event.WorkerExited(OWN, 1)));

        assertThat(event()).isEqualTo(new Event.WorkerExited(OWN, 1));
    }

    private DomainSocketAddress address() {
        return new DomainSocketAddress("\0" + control.address().substring(1));
    }

    private void connect() throws IOException {
        worker.connect(address());
    }

    private Event event() throws InterruptedException {
        Event event = events.poll(10, TimeUnit.SECONDS);
        assertThat(event).as("an event").isNotNull();
        return event;
    }

    private int receiveDescriptor() throws IOException {
        int fd = 0;
        while (fd <= 0) {
            fd = worker.recvFd();
        }
        return fd;
    }

    /** Where the next descriptor that arrives listens. */
    private String receiveListener() throws IOException {
        Socket listener = new Socket(receiveDescriptor());
        try {
            var local = listener.localAddress();
            return "http://" + local.getAddress().getHostAddress() + ":" + local.getPort();
        } finally {
            listener.close();
        }
    }

    private void send(byte[] payload) throws IOException {
        write(
                ByteBuffer.allocateDirect(payload.length + 4)
                        .putInt(payload.length)
                        .put(payload)
                        .flip());
    }

    private void write(ByteBuffer bytes) throws IOException {
        assertThat(worker.write(bytes, 0, bytes.limit())).isEqualTo(bytes.limit());
    }

    private ControlMessage receive() throws IOException {
        byte[] length = new byte[4];
        read(length);
        byte[] payload = new byte[ByteBuffer.wrap(length).getInt()];
        read(payload);
        return ControlCodec.decode(payload);
    }

    private void read(byte[] bytes) throws IOException {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) readByte();
        }
    }

    /** Netty's socket does not block: 0 means nothing has come yet. */
    private int readByte() throws IOException {
        ByteBuffer one = ByteBuffer.allocateDirect(1);
        int count = 0;
        while (count == 0) {
            Thread.onSpinWait();
            count = worker.read(one, 0, 1);
        }
        return count < 0 ? -1 : one.get(0) & 0xff;
    }
}
