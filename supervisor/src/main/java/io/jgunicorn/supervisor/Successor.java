package io.jgunicorn.supervisor;

import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.os.LibC;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Starts another master with the command line of this one, and hands it copies of the listening
 * sockets; {@link Predecessor} is the other end. The new one is a child of this one, and goes on
 * when this one ends. Used by the master's thread; the end of the child is posted from another.
 */
final class Successor {
    /** Of this process only. */
    private static final Set<String> NOT_PASSED_ON =
            Set.of("WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES");

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
    }

    private final Program program;
    private final ControlServer control;
    private final ErrorLog log;
    private final Consumer<Event> events;

    /** Who may fetch the sockets; guarded by this. */
    private long child;

    Successor(Program program, ControlServer control, ErrorLog log, Consumer<Event> events) {
        this.program = program;
        this.control = control;
        this.log = log;
        this.events = events;
    }

    /**
     * Starts the process.
     *
     * @return its id
     */
    long start(List<Listener> listeners) throws IOException {
        String name =
                "jgunicorn-upgrade-" + HexFormat.of().toHexDigits(new SecureRandom().nextLong());
        Channel sockets =
                new ServerBootstrap()
                        .group(control.loop())
                        .channel(EpollServerDomainSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<EpollDomainSocketChannel>() {
                                    @Override
                                    protected void initChannel(EpollDomainSocketChannel channel)
                                            throws IOException {
                                        admit(channel, listeners);
                                    }
                                })
                        .bind(new DomainSocketAddress("\0" + name))
                        .syncUninterruptibly()
                        .channel();
        ProcessBuilder builder = new ProcessBuilder(program.command());
        builder.directory(program.directory().toFile()).inheritIO();
        Map<String, String> environment = new TreeMap<>(program.environment());
        environment.keySet().removeAll(NOT_PASSED_ON);
        environment.putAll(Predecessor.variables("@" + name, listeners));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process;
        synchronized (this) {
            try {
                process = builder.start();
            } catch (IOException e) {
                sockets.close();
                throw e;
            }
            child = process.pid();
        }
        process.onExit()
                .thenAccept(
                        ended -> {
                            sockets.close();
                            events.accept(
                                    new Event.SuccessorExited(ended.pid(), ended.exitValue()));
                        });
        return process.pid();
    }

    private void admit(EpollDomainSocketChannel channel, List<Listener> listeners)
            throws IOException {
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
        channel.pipeline()
                .addLast(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(ChannelHandlerContext context) {
                                for (Listener listener : listeners) {
                                    context.write(listener.descriptor());
                                }
                                context.flush();
                            }

                            @Override
                            public void exceptionCaught(
                                    ChannelHandlerContext context, Throwable failure) {
                                context.close();
                            }
                        });
    }
}
