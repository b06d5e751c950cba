package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.os.Descriptors;
import io.jgunicorn.os.LibC;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * This process as the daemon that a command in the foreground started and waits for, told by the
 * variable {@code JGUNICORN_DAEMON}: the id of that process, and where it is to be told; {@link
 * DaemonStart} is the other end. Used by the master's thread only.
 *
 * <p>Until the first worker is ready stderr is that of the command, so that whoever gave it reads
 * why a start failed; workers never have it. After that it is {@code /dev/null}, unless {@code
 * enable_stdio_inheritance} keeps what is no terminal, or {@code capture_output} made it the log.
 * Nor do boots that fail go on until then: after {@value #BOOTS} the server stops.
 */
final class Daemon {
    static final String VARIABLE = "JGUNICORN_DAEMON";
    static final File NOWHERE = new File("/dev/null");

    /** So many boots may fail before the first one that succeeds; then the start has failed. */
    static final int BOOTS = 3;

    private static final int STDERR = 2;
    private static final int MASK = 022; // as gunicorn's

    private final Rendezvous command;
    private final Consumer<String> stderr;
    private boolean started;
    private int failedBoots;

    /** What stderr is to be is settled: it is left alone. */
    private boolean stderrStays;

    private Daemon(Rendezvous command, Consumer<String> stderr) {
        this.command = command;
        this.stderr = stderr;
    }

    /** What a daemon is told, beside what its command knows. */
    static String variable(Rendezvous command) {
        return ProcessHandle.current().pid() + " " + command;
    }

    /** This process, if it was started as one. */
    static Optional<Daemon> from(Map<String, String> environment, Consumer<String> stderr) {
        String[] words = environment.getOrDefault(VARIABLE, "").split(" ", 2);
        boolean told = words.length == 2 && words[0].matches("[0-9]{1,9}");
        return told && Rendezvous.isParent(Long.parseLong(words[0]))
                ? Optional.of(new Daemon(Rendezvous.parse(words[1]), stderr))
                : Optional.empty();
    }

    /** Into a session of its own, which has no terminal; new files are not for others to write. */
    static void leaveSession() {
        LibC.setsid();
        int _ = LibC.umask(MASK);
    }

    /** True if a daemon has the standard stream of its command for good. */
    static boolean keeps(int descriptor, ServerConfig config) {
        return config.process().keepStdio() && !Descriptors.isTerminal(descriptor);
    }

    /** The configuration is known. What goes well is not for whoever waits in the foreground. */
    void configured(ServerConfig config, ErrorLog log) {
        boolean keepsStderr = keeps(STDERR, config);
        stderrStays = keepsStderr || Reloader.capturedBy(config).isPresent();
        LogLevel level = LogLevel.named(config.logging().level());
        boolean onStderr = !LogFile.isFile(config.logging().errorLog());
        if (onStderr && !keepsStderr && level.compareTo(LogLevel.WARNING) < 0) {
            log.setThreshold(LogLevel.WARNING);
        }
    }

    /** Where the stderr of workers goes, if nothing captures it. */
    Redirect workerErrors() {
        return stderrStays ? Redirect.INHERIT : Redirect.appendTo(NOWHERE);
    }

    /** A worker cannot load the application; its own stderr shows that to nobody. */
    void bootFailed(String reason) {
        if (!started) {
            stderr.accept("\n" + reason.strip() + "\n\n");
        }
    }

    /**
     * A worker has ended that never became ready. Whoever waits in the foreground does not do so
     * for ever.
     *
     * @return why the start is given up, if it is time for that
     */
    Optional<String> bootEnded(String how) {
        if (started || ++failedBoots != BOOTS) {
            return Optional.empty();
        }
        String reason = BOOTS + " workers have ended before one was ready, the last: " + how;
        stderr.accept("\nError: " + reason + "\n\n");
        return Optional.of(reason);
    }

    /** When the server is ready for the first time the command in the foreground ends. */
    void tell(ServiceStatus status) {
        if (started || status.phase() != ServiceStatus.Phase.READY) {
            return;
        }
        started = true;
        if (!stderrStays) {
            Descriptors.redirectErrors(NOWHERE.getPath());
        }
        Socket socket = Socket.newSocketDomain();
        try {
            socket.connect(new DomainSocketAddress(command.address()));
        } catch (IOException _) {
            return; // nobody waits any more: the server goes on
        } finally {
            close(socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            return; // it is closed whatever the kernel says
        }
    }
}
