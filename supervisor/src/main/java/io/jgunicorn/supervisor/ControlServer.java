package io.jgunicorn.supervisor;

import io.jgunicorn.control.ConnectionBoard;
import io.jgunicorn.control.ControlCodec;
import io.jgunicorn.control.ControlMessage.Configure;
import io.jgunicorn.control.ControlMessage.ToWorker;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.os.LibC;
import io.jgunicorn.supervisor.unix.UnixServer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.PeerCredentials;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The master's end of the control links: a Unix socket in the abstract namespace, so that there is
 * no file to protect or to leave behind. Only processes the master has started may connect, once
 * each. The links live on a thread of their own, "control"; the methods may be called from any
 * thread.
 */
final class ControlServer implements AutoCloseable {

    /**
     * What a worker gets when it connects.
     *
     * @param listeners the descriptors handed over, in the order of {@link Configure#listeners}
     */
    record Briefing(List<Listener> listeners, Configure configure) {
        Briefing {
            listeners = List.copyOf(listeners);
        }
    }

    /** Starts a worker process. */
    @FunctionalInterface
    interface Starter {
        Process start() throws IOException;
    }

    private final ErrorLog log;
    private final Consumer<Event> events;
    private final String name;
    private final int uid = LibC.geteuid();
    private final Optional<ConnectionBoard> board;
    private final EventLoopGroup group;

    // Guarded by this: who may connect, and who has.
    private final Map<Long, Briefing> expected = new HashMap<>();
    private final Map<Long, ControlLink> links = new HashMap<>();

    private ControlServer(ErrorLog log, Consumer<Event> events) {
        this.log = log;
        this.events = events;
        this.board = board(log);
        this.name =
                "jgunicorn-"
                        + ProcessHandle.current().pid()
                        + "-"
                        + HexFormat.of().toHexDigits(new SecureRandom().nextLong());
        this.group = newLoop("control");
    }

    /** A loop on a thread of this name that does not keep the process alive. */
    static EventLoopGroup newLoop(String name) {
        return new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(name, true), EpollIoHandler.newFactory());
    }

    /**
     * Begins to listen.
     *
     * @param events gets what workers say, on the thread "control"
     */
    static ControlServer start(ErrorLog log, Consumer<Event> events) {
        ControlServer control = new ControlServer(log, events);
        UnixServer.bind(control.group, "\0" + control.name, control::accept).syncUninterruptibly();
        return control;
    }

    private static Optional<ConnectionBoard> board(ErrorLog log) {
        try {
            return Optional.of(ConnectionBoard.create());
        } catch (IOException e) {
            log.warning("Connections are not shared out evenly: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** The loop of the thread "control", for other sockets of the kind. */
    EventLoopGroup loop() {
        return group;
    }

    /** How many descriptors a worker gets that has so many listening sockets. */
    int descriptors(int listeners) {
        return listeners + (board.isPresent() ? 1 : 0);
    }

    /** Where workers find the master, as an argument: {@code @NAME} in the abstract namespace. */
    String address() {
        return "@" + name;
    }

    /** Starts a process and lets it connect; it cannot come too early. */
    Process admit(Starter starter, Briefing briefing) throws IOException {
        synchronized (this) {
            Process process = starter.start();
            expect(process.pid(), briefing);
            return process;
        }
    }

    /** Lets a process connect. */
    synchronized void expect(long pid, Briefing briefing) {
        expected.put(pid, briefing);
    }

    /** Sends a message; without a link to that worker nothing happens. */
    void send(long pid, ToWorker message) {
        link(pid).ifPresent(link -> link.send(message));
    }

    /**
     * The worker has ended. Runs the task when everything it said has been passed on, at once if it
     * never linked.
     */
    void afterLink(long pid, Runnable task) {
        Optional<ControlLink> link;
        synchronized (this) {
            expected.remove(pid);
            board.ifPresent(shared -> shared.release(pid));
            link = Optional.ofNullable(links.get(pid));
        }
        link.ifPresentOrElse(known -> known.gone().thenRun(task), task);
    }

    /** Closes all links; workers take that as the end of the master. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        board.ifPresent(ConnectionBoard::close);
    }

    private synchronized Optional<ControlLink> link(long pid) {
        return Optional.ofNullable(links.get(pid));
    }

    private void accept(EpollDomainSocketChannel channel) throws IOException {
        PeerCredentials peer = channel.peerCredentials();
        long pid = peer.pid();
        Optional<Briefing> briefing = Optional.empty();
        synchronized (this) {
            if (peer.uid() == uid) {
                briefing = Optional.ofNullable(expected.remove(pid));
            }
        }
        if (briefing.isEmpty()) {
            log.warning(
                    "Refused a control connection that is no worker's (pid:%d, uid:%d)"
                            .formatted(pid, peer.uid()));
            channel.close();
            return;
        }
        ControlLink link =
                new ControlLink(
                        pid,
                        channel,
                        briefing.get(),
                        board.map(ConnectionBoard::descriptor),
                        events);
        synchronized (this) {
            links.put(pid, link);
        }
        link.gone().thenRun(() -> forget(pid));
        channel.pipeline()
                .addLast(
                        new LengthFieldBasedFrameDecoder(
                                ControlCodec.MAX_PAYLOAD + ControlCodec.LENGTH_BYTES,
                                0,
                                ControlCodec.LENGTH_BYTES,
                                0,
                                ControlCodec.LENGTH_BYTES),
                        new LengthFieldPrepender(ControlCodec.LENGTH_BYTES),
                        link);
    }

    private synchronized void forget(long pid) {
        links.remove(pid);
    }
}
