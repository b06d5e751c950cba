package io.jgunicorn.supervisor;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.BindAddress.InheritedFd;
import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.supervisor.unix.UnixServer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The command in the foreground under {@code daemon}: a JVM cannot fork, so this process executes
 * its own command line anew, and ends when that one serves or has ended; {@link Daemon} is the
 * other end. {@link #run} is for the thread "master", {@link #stop} for any.
 */
final class DaemonStart {
    private static final int STDOUT = 1;
    private static final int SIGNALLED = 128;

    private final Successor.Program program;
    private final ServerConfig config;
    private final Consumer<String> stderr;

    /** How the start went: empty if the server is ready, or the exit code of the daemon. */
    private final CompletableFuture<OptionalInt> outcome = new CompletableFuture<>();

    // Guarded by this.
    private Optional<Process> daemon = Optional.empty();
    private boolean stopped;

    DaemonStart(Successor.Program program, ServerConfig config, Consumer<String> stderr) {
        this.program = program;
        this.config = config;
        this.stderr = stderr;
    }

    /** Starts the daemon and waits until it is ready or has ended; returns the exit code. */
    int run() {
        Optional<String> obstacle = ListenerSockets.unavailable().or(this::passedDescriptor);
        if (obstacle.isPresent()) {
            stderr.accept("\nError: " + obstacle.get() + "\n\n");
            return 1;
        }
        if (program.environment().containsKey("NOTIFY_SOCKET")) {
            stderr.accept(
                    "Warning: systemd waits for the process it started (NOTIFY_SOCKET): leave"
                            + " daemon out there\n");
        }
        EventLoopGroup loop = ControlServer.newLoop("daemon");
        Rendezvous place = Rendezvous.fresh("daemon");
        try {
            UnixServer.bind(loop, place.address(), this::admit).syncUninterruptibly();
            start(place);
            OptionalInt exitCode = outcome.join();
            return exitCode.isPresent() ? failed(exitCode.getAsInt()) : 0;
        } catch (IOException e) {
            stderr.accept("\nError: the daemon cannot be started: " + e.getMessage() + "\n\n");
            return 1;
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    /**
     * Asks the daemon to stop (TERM), whose end ends {@link #run}. Too late once it has ended or
     * serves.
     */
    synchronized void stop() {
        if (!outcome.isDone()) {
            stopped = true;
            daemon.ifPresent(Process::destroy);
        }
    }

    /** What only this process was given cannot be had by another. */
    private Optional<String> passedDescriptor() {
        for (BindAddress address : config.sockets().bind()) {
            if (address instanceof InheritedFd) {
                return Optional.of(
                        "bind = "
                                + address
                                + " cannot be used with daemon, which is another process and does"
                                + " not get the descriptor.");
            }
        }
        return SocketActivation.isMeantFor(program.environment(), ProcessHandle.current().pid())
                ? Optional.of(
                        "daemon cannot be used with sockets passed by LISTEN_FDS, which a daemon,"
                                + " being another process, does not get.")
                : Optional.empty();
    }

    private synchronized void start(Rendezvous place) throws IOException {
        if (stopped) {
            outcome.complete(OptionalInt.of(0));
            return;
        }
        ProcessBuilder builder = program.builder();
        builder.environment().put(Daemon.VARIABLE, Daemon.variable(place));
        builder.redirectInput(Daemon.NOWHERE);
        builder.redirectOutput(
                Daemon.keeps(STDOUT, config)
                        ? Redirect.INHERIT
                        : Redirect.appendTo(Daemon.NOWHERE));
        builder.redirectError(Redirect.INHERIT);
        Process process = builder.start();
        daemon = Optional.of(process);
        process.onExit().thenAccept(ended -> outcome.complete(OptionalInt.of(ended.exitValue())));
    }

    /**
     * The daemon connects when it is ready; there is nothing more to say. One that has been asked
     * to stop is waited for.
     */
    private void admit(EpollDomainSocketChannel channel) throws IOException {
        PeerCredentials peer = channel.peerCredentials();
        channel.close();
        synchronized (this) {
            if (!stopped && daemon.filter(process -> process.pid() == peer.pid()).isPresent()) {
                outcome.complete(OptionalInt.empty());
            }
        }
    }

    /** The daemon has said why, unless it could not, or has said it in its log. */
    private int failed(int exitCode) {
        String log = config.logging().errorLog();
        String where = LogFile.isFile(log) ? "; its log is " + log : "";
        if (exitCode == 0) {
            stderr.accept("\nError: the server was stopped before it was ready" + where + ".\n\n");
            return 1;
        }
        if (exitCode > SIGNALLED) {
            stderr.accept(
                    "\nError: the server was ended by signal %d before it was ready%s.\n\n"
                            .formatted(exitCode - SIGNALLED, where));
        } else if (!where.isEmpty()) {
            stderr.accept("\nError: the server did not start" + where + ".\n\n");
        }
        return exitCode;
    }
}
