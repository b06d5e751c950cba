package io.jgunicorn.http;

import io.jgunicorn.os.Descriptors;
import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Accepts connections on one listening socket that other processes accept on as well; {@link
 * Courtesy} says when. Event loop only.
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

        /** None can be accepted at present, for example without descriptors. */
        void exhausted(Throwable failure);
    }

    static final int SELECT_LIMIT = 1024;
    static final int LEFT_TO_APPLICATION = 512;

    /**
     * Failures of the one connection and not of this process: accept(2) passes on what its network
     * has to say, and filters may forbid it. EPERM, EINTR, ENONET, EPROTO, ENOPROTOOPT, ENETDOWN,
     * ENETUNREACH, ECONNABORTED, EHOSTDOWN, EHOSTUNREACH.
     */
    private static final Set<Integer> OF_THE_CONNECTION =
            Set.of(1, 4, 64, 71, 92, 100, 101, 103, 112, 113);

    /**
     * The end of a peer's output: never happens to a listening socket. Netty 4.2.18 removes a
     * descriptor from epoll for {@code NONE} and cannot add it again.
     */
    private static final EpollIoOps NOTHING = EpollIoOps.EPOLLRDHUP;

    private final Socket socket;
    private final boolean unix;
    private final IoEventLoop loop;
    private final Courtesy courtesy;
    private final Target target;
    private final byte[] unusedAddress = new byte[26];

    private IoRegistration registration; // set once, before the first use on the event loop
    private boolean accepting;
    private boolean waiting;
    private boolean watching;

    /**
     * @throws io.netty.channel.ChannelException if the descriptor is no socket
     */
    Acceptor(int descriptor, boolean unix, IoEventLoop loop, Courtesy courtesy, Target target) {
        this.socket = new Socket(descriptor);
        this.unix = unix;
        this.loop = loop;
        this.courtesy = courtesy;
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
        if (!accepting || waiting) {
            return; // decided after the event loop had collected its events
        }
        int grant = courtesy.grant();
        if (grant == 0) {
            waiting = true;
            updateInterest();
            loop.schedule(this::lookAgain, Courtesy.LOOK_AGAIN_NANOS, TimeUnit.NANOSECONDS);
            return;
        }
        int taken = 0;
        while (taken < grant && accepting && acceptOne()) {
            taken++;
        }
        courtesy.took(taken);
    }

    /** Closes the socket in this process; the others keep theirs. */
    @Override
    public void close() {
        accepting = false;
        registration.cancel();
        try {
            socket.close();
        } catch (IOException _) {
            // Linux frees the descriptor even then, and nothing was written to a listening socket.
            return;
        }
    }

    private void lookAgain() {
        waiting = false;
        courtesy.watch();
        updateInterest();
    }

    /** False if there was none, or a failure. */
    private boolean acceptOne() {
        int descriptor;
        try {
            descriptor = socket.accept(unusedAddress);
        } catch (NativeIoException e) {
            if (!OF_THE_CONNECTION.contains(-e.expectedErr())) {
                target.exhausted(e);
            }
            return false;
        } catch (IOException e) {
            target.exhausted(e);
            return false;
        }
        if (descriptor < 0) {
            return false;
        }
        try {
            Channel channel = channel(moved(descriptor));
            // Without an address the client has reset it already.
            if (channel.isActive() && (unix || channel.remoteAddress() != null)) {
                target.accepted(channel);
            } else {
                channel.unsafe().closeForcibly();
            }
            return true;
        } catch (RuntimeException | Error e) { // would end or hold up the event loop
            target.exhausted(e);
            return false;
        }
    }

    private Channel channel(int client) {
        try {
            return unix ? new EpollDomainSocketChannel(client) : new EpollSocketChannel(client);
        } catch (RuntimeException | Error e) {
            Descriptors.close(client);
            throw e;
        }
    }

    /** The descriptor, or what has taken its place. */
    static int moved(int descriptor) {
        if (descriptor < SELECT_LIMIT - LEFT_TO_APPLICATION || descriptor >= SELECT_LIMIT) {
            return descriptor;
        }
        int high = Descriptors.duplicateAbove(descriptor, SELECT_LIMIT);
        if (high < 0) {
            return descriptor;
        }
        Descriptors.close(descriptor);
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
