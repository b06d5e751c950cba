package io.jgunicorn.http;

import io.jgunicorn.os.LibC;
import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Accepts connections on one listening socket that other processes accept on as well, one per
 * wake-up. Event loop only.
 *
 * <p>The kernel wakes all of them for each connection, and whoever runs first would take it: often
 * the same one, sixteen times in a row. So a process that has more connections than another leaves
 * a new one to that for as long as the other's number changes, and else for {@link #PATIENCE}
 * looks, 5 ms together. If a neighbour hangs, twice as many are accepted after each further wait.
 * Connections that close within that time anyway (one per request, in quick succession) do not
 * count: waiting for a balance that comes by itself costs a fifth of the throughput.
 *
 * <p>It is a handle of Netty's event loop and no {@code ServerChannel}: those accept before anybody
 * is asked, and choose no descriptors. Python's only readiness call here is {@code select}, for
 * descriptors below {@value #SELECT_LIMIT}. Of these the upper {@value #LEFT_TO_APPLICATION} are
 * left to the application: a client's is moved above the limit, if this process may have that many.
 */
final class Acceptor implements EpollIoHandle {
    /** What becomes of connections. */
    interface Target {
        /** A connection, not registered with the event loop. */
        void accepted(Channel channel);

        /** None could be accepted, for example without descriptors. */
        void failed(IOException failure);
    }

    static final int PATIENCE = 25;
    private static final long LOOK_AGAIN_MICROS = 200;
    static final long PATIENCE_MILLIS = PATIENCE * LOOK_AGAIN_MICROS / 1000;
    private static final int MOST_AT_ONCE = 64;
    static final int SELECT_LIMIT = 1024;
    static final int LEFT_TO_APPLICATION = 512;

    /**
     * The end of a peer's output: never happens to a listening socket. Netty 4.2.18 removes a
     * descriptor from epoll for {@code NONE} and cannot add it again.
     */
    private static final EpollIoOps NOTHING = EpollIoOps.EPOLLRDHUP;

    private final Socket socket;
    private final boolean unix;
    private final IoEventLoop loop;
    private final Neighbours neighbours;
    private final IntSupplier connections;
    private final Target target;
    private final byte[] unusedAddress = new byte[26];

    private IoRegistration registration; // set once, before the first use on the event loop
    private boolean accepting;
    private boolean waiting;
    private boolean watching;

    /** Looks since a neighbour's number last changed, or since a connection was accepted. */
    private int looks;

    private int fewestSeen;
    private int grant = 1;

    /**
     * @param connections of this process, to be compared with those of the neighbours
     * @throws io.netty.channel.ChannelException if the descriptor is no socket
     */
    Acceptor(
            int descriptor,
            boolean unix,
            IoEventLoop loop,
            Neighbours neighbours,
            IntSupplier connections,
            Target target) {
        this.socket = new Socket(descriptor);
        this.unix = unix;
        this.loop = loop;
        this.neighbours = neighbours;
        this.connections = connections;
        this.target = target;
    }

    /** Hands the socket to the event loop. Once, on any thread but the event loop. */
    void register() {
        registration = loop.register(this).syncUninterruptibly().getNow();
    }

    /** Where the socket listens; null for a Unix socket. */
    InetSocketAddress localAddress() {
        return unix ? null : socket.localAddress();
    }

    void setAccepting(boolean accepting) {
        this.accepting = accepting;
        updateInterest();
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void handle(IoRegistration ready, IoEvent event) {
        int fewest = neighbours.fewest();
        if (connections.getAsInt() <= fewest) {
            looks = 0;
            grant = 1;
            acceptOne();
            return;
        }
        if (fewest != fewestSeen) {
            fewestSeen = fewest;
            looks = 0;
            grant = 1;
        }
        if (looks < PATIENCE) {
            looks++;
            waiting = true;
            updateInterest();
            loop.schedule(this::lookAgain, LOOK_AGAIN_MICROS, TimeUnit.MICROSECONDS);
            return;
        }
        looks = 0;
        acceptInstead();
    }

    /** Closes the socket in this process; the others keep theirs. */
    @Override
    public void close() {
        accepting = false;
        registration.cancel();
        try {
            socket.close();
        } catch (IOException e) {
            target.failed(e);
        }
    }

    private void lookAgain() {
        waiting = false;
        updateInterest();
    }

    /** Nobody else takes them. */
    private void acceptInstead() {
        int taken = 0;
        while (taken < grant && accepting && acceptOne()) {
            taken++;
        }
        grant = taken == grant ? Math.min(2 * grant, MOST_AT_ONCE) : 1;
    }

    /** False if there was none, or a failure. */
    private boolean acceptOne() {
        int descriptor;
        try {
            descriptor = socket.accept(unusedAddress);
        } catch (IOException e) {
            target.failed(e);
            return false;
        }
        if (descriptor < 0) {
            return false;
        }
        int client = moved(descriptor);
        Channel channel =
                unix ? new EpollDomainSocketChannel(client) : new EpollSocketChannel(client);
        if (channel.isActive()) {
            target.accepted(channel);
        } else {
            channel.unsafe().closeForcibly(); // reset by the client before it was accepted
        }
        return true;
    }

    /** The descriptor, or what has taken its place. */
    static int moved(int descriptor) {
        if (descriptor < SELECT_LIMIT - LEFT_TO_APPLICATION || descriptor >= SELECT_LIMIT) {
            return descriptor;
        }
        int high = LibC.duplicateAbove(descriptor, SELECT_LIMIT);
        if (high < 0) {
            return descriptor;
        }
        LibC.close(descriptor);
        return high;
    }

    private void updateInterest() {
        boolean watch = accepting && !waiting;
        if (watch != watching && registration.isValid()) {
            watching = watch;
            registration.submit(watch ? EpollIoOps.EPOLLIN : NOTHING);
        }
    }
}
