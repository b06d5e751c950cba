package io.jgunicorn.supervisor;

import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.os.Descriptors;
import io.jgunicorn.os.LibC;
import io.jgunicorn.supervisor.unix.UnixServer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Starts another master with the command line of this one, and hands it copies of the listening
 * sockets; {@link Predecessor} is the other end. The new one is a child of this one, and goes on
 * when this one ends. Used by the master's thread; the end of the child is posted from another.
 */
final class Successor {
    /** Of this process only. */
    private static final Set<String> NOT_PASSED_ON =
            Set.of("WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", Daemon.VARIABLE);

    /**
     * How this master was started.
     *
     * @param command launcher and arguments
     */
    record Program(List<String> command, Path directory, Map<String, String> environment) {
        Program {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }

        /** To start it again, without what the environment says of this process only. */
        ProcessBuilder builder() {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.directory(directory.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.environment().keySet().removeAll(NOT_PASSED_ON);
            return builder;
        }
    }

    private static final int LEAST_DESCRIPTOR = 3; // not a standard stream

    private final Program program;
    private final ControlServer control;
    private final ErrorLog log;
    private final Consumer<Event> events;

    // Guarded by this: who may fetch the sockets, and copies of them, which nobody else closes.
    private long child;
    private List<Integer> copies = List.of();

    Successor(Program program, ControlServer control, ErrorLog log, Consumer<Event> events) {
        this.program = program;
        this.control = control;
        this.log = log;
        this.events = events;
    }

    /**
     * Starts the process.
     *
     * @param scaledTo how many workers the load asks for, if it does
     * @return its id
     */
    long start(List<Listener> listeners, OptionalInt scaledTo) throws IOException {
        copy(listeners);
        try {
            return startWithCopies(listeners, scaledTo);
        } catch (IOException | RuntimeException e) {
            closeCopies();
            throw e;
        }
    }

    /** True for the process started last. */
    synchronized boolean isChild(long pid) {
        return child == pid;
    }

    /** True once the process started last has ended, until that has been dealt with. */
    synchronized boolean hasEnded() {
        return child != 0 && ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty();
    }

    synchronized void forget() {
        child = 0;
    }

    private synchronized void copy(List<Listener> listeners) throws IOException {
        List<Integer> fresh = new ArrayList<>();
        for (Listener listener : listeners) {
            int copy =
                    Descriptors.duplicateAbove(listener.descriptor().intValue(), LEAST_DESCRIPTOR);
            if (copy < 0) {
                fresh.forEach(Descriptors::close);
                throw new IOException("no descriptor is free for the sockets");
            }
            fresh.add(copy);
        }
        copies = List.copyOf(fresh);
    }

    private synchronized void closeCopies() {
        copies.forEach(Descriptors::close);
        copies = List.of();
    }

    private long startWithCopies(List<Listener> listeners, OptionalInt scaledTo)
            throws IOException {
        Rendezvous place = Rendezvous.fresh("upgrade");
        Channel sockets =
                UnixServer.bind(control.loop(), place.address(), this::admit)
                        .syncUninterruptibly()
                        .channel();
        ProcessBuilder builder = program.builder().inheritIO();
        builder.environment().putAll(Predecessor.variables(place, listeners, scaledTo));
        Process process;
        synchronized (this) {
            try {
                process = builder.start();
            } catch (IOException | RuntimeException e) {
                sockets.close();
                throw e;
            }
            child = process.pid();
        }
        process.onExit()
                .thenAccept(
                        ended -> {
                            sockets.close();
                            closeCopies();
                            events.accept(
                                    new Event.SuccessorExited(ended.pid(), ended.exitValue()));
                        });
        return process.pid();
    }

    private void admit(EpollDomainSocketChannel channel) throws IOException {
        PeerCredentials peer = channel.peerCredentials();
        synchronized (this) {
            if (peer.uid() != LibC.geteuid() || peer.pid() != child) {
                log.warning(
                        "Refused the sockets to a process that is no new master (pid:%d, uid:%d)"
                                .formatted(peer.pid(), peer.uid()));
                channel.close();
                return;
            }
        }
        channel.pipeline().addLast(new HandOver());
    }

    /** Sends the copies, which are then no longer needed here. */
    private final class HandOver extends ChannelInboundHandlerAdapter {
        private long receiver;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            List<Integer> descriptors;
            synchronized (Successor.this) {
                receiver = child;
                descriptors = copies;
            }
            for (int descriptor : descriptors) {
                context.write(new FileDescriptor(descriptor))
                        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            }
            context.flush();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            synchronized (Successor.this) {
                if (child == receiver) { // else they are those of the next new master
                    closeCopies(); // the other side closes when it has them all
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            context.close();
        }
    }
}
