package io.jgunicorn.supervisor;

import io.jgunicorn.log.ErrorLog;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Tells systemd, or whoever set {@code NOTIFY_SOCKET}, how the server is (sd_notify(3)), and feeds
 * its watchdog (sd_watchdog_enabled(3)): a keep-alive after each half of {@code WATCHDOG_USEC},
 * sent from the master's loop, so that none comes from a loop that hangs. The loop turns every 250
 * ms at least; shorter halves are not kept.
 *
 * <p>Nothing here waits or fails: what cannot be sent is tried again in the next turn, when only
 * the newest status counts. Used by the master's thread only.
 */
final class SystemdNotifier implements AutoCloseable {
    /** What systemd takes at once (NOTIFY_BUFFER_MAX): more is lost altogether. */
    private static final int LONGEST_MESSAGE = 4096;

    private final String address;
    private final Optional<Socket> socket;
    private final Optional<Duration> keepAlive;
    private final ErrorLog log;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LONGEST_MESSAGE);

    private Optional<ServiceStatus> newest = Optional.empty();
    private Optional<ServiceStatus> told = Optional.empty();
    private Optional<Long> heir = Optional.empty();
    private boolean quiet;
    private Duration keepAliveDue = Duration.ZERO;

    /** The operator knows that nobody listens. */
    private boolean warned;

    private SystemdNotifier(
            String address, Optional<Socket> socket, Optional<Duration> keepAlive, ErrorLog log) {
        this.address = address;
        this.socket = socket;
        this.keepAlive = keepAlive;
        this.log = log;
    }

    /**
     * Reads what the service manager wants. Without a usable {@code NOTIFY_SOCKET} (a path, or
     * {@code @NAME} in the abstract namespace) nobody is told anything.
     *
     * @param pid this process: a {@code WATCHDOG_PID} that is another asks nothing of us
     */
    static SystemdNotifier of(Map<String, String> environment, long pid, ErrorLog log) {
        String address = environment.getOrDefault("NOTIFY_SOCKET", "");
        boolean usable = address.startsWith("/") || address.startsWith("@");
        if (!usable && !address.isEmpty()) {
            log.warning("NOTIFY_SOCKET " + address + " is neither a path nor @NAME");
        }
        Optional<Socket> socket = Optional.empty();
        if (usable) {
            Epoll.ensureAvailability(); // loads the native library that the socket needs
            socket = Optional.of(Socket.newSocketDomainDgram());
        }
        return new SystemdNotifier(address, socket, keepAlive(environment, pid, log), log);
    }

    private static Optional<Duration> keepAlive(
            Map<String, String> environment, long pid, ErrorLog log) {
        String microseconds = environment.getOrDefault("WATCHDOG_USEC", "");
        String whose = environment.getOrDefault("WATCHDOG_PID", "");
        if (microseconds.isEmpty() || !(whose.isEmpty() || whose.equals(Long.toString(pid)))) {
            return Optional.empty();
        }
        if (!microseconds.matches("[1-9][0-9]{0,14}")) {
            log.warning("WATCHDOG_USEC " + microseconds + " is not a number of microseconds");
            return Optional.empty();
        }
        return Optional.of(
                Duration.of(Long.parseLong(microseconds), ChronoUnit.MICROS).dividedBy(2));
    }

    /** Another master speaks for the service so far: nothing is sent until {@link #sayAgain}. */
    void keepQuiet() {
        quiet = true;
    }

    /**
     * Another process is the service's main one from now on ({@code MAINPID}), and speaks for it.
     */
    void handOver(long pid) {
        heir = Optional.of(pid);
        sendHeir();
    }

    /** This process speaks for the service: whoever listens did not hear it so far. */
    void sayAgain() {
        quiet = false;
        told = Optional.empty();
        sendNews();
    }

    private void sendHeir() {
        if (heir.isPresent() && send("MAINPID=" + heir.get())) {
            heir = Optional.empty();
            quiet = true;
        }
    }

    /** There is news. */
    void tell(ServiceStatus status) {
        newest = Optional.of(status);
        sendNews();
    }

    /**
     * The loop has turned: time for what could not be sent before, and for the keep-alive.
     *
     * @param now since any moment, always the same
     */
    void turn(Duration now) {
        sendHeir();
        sendNews();
        boolean alive = !quiet && newest.isPresent() && newest.get().alive();
        if (alive && keepAlive.isPresent() && now.compareTo(keepAliveDue) >= 0) {
            if (send("WATCHDOG=1")) {
                keepAliveDue = now.plus(keepAlive.get());
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (socket.isPresent()) {
            socket.get().close();
        }
    }

    private void sendNews() {
        if (!quiet && newest.isPresent() && !newest.equals(told) && send(message(newest.get()))) {
            told = newest;
        }
    }

    private String message(ServiceStatus status) {
        boolean begins =
                told.isEmpty()
                        || told.get().phase() != status.phase()
                        || told.get().reloads() != status.reloads();
        return (begins ? assignments(status.phase()) : "") + "STATUS=" + status.text();
    }

    /** What says that a phase begins. On Linux System.nanoTime() reads CLOCK_MONOTONIC. */
    private static String assignments(ServiceStatus.Phase phase) {
        return switch (phase) {
            case STARTING -> "";
            case READY -> "READY=1\n";
            case RELOADING ->
                    "RELOADING=1\nMONOTONIC_USEC="
                            + TimeUnit.NANOSECONDS.toMicros(System.nanoTime())
                            + "\n";
            case STOPPING -> "STOPPING=1\n";
        };
    }

    /** One datagram; false if it could not be sent now. */
    private boolean send(String message) {
        if (socket.isEmpty()) {
            return true;
        }
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        buffer.clear().put(bytes).flip();
        String name = address.startsWith("@") ? "\0" + address.substring(1) : address;
        try {
            byte[] path = name.getBytes(StandardCharsets.UTF_8);
            boolean sent = socket.get().sendToDomainSocket(buffer, 0, bytes.length, path) > 0;
            warned &= !sent;
            return sent; // false: the receiver has more to read than it may have
        } catch (IOException e) {
            if (!warned) {
                // The one failure that Netty gives no text.
                String reason =
                        e instanceof FileNotFoundException
                                ? "No such file or directory"
                                : e.getMessage();
                log.warning("NOTIFY_SOCKET " + address + " cannot be told: " + reason);
            }
            warned = true;
            return false;
        }
    }
}
