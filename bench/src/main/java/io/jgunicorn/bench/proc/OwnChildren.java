package io.jgunicorn.bench.proc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Every process started here, so that none outlives this one: when the JVM ends, by Ctrl-C or by a
 * failure, those still running are told to stop, and killed if they do not. Any thread.
 */
public final class OwnChildren {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @GuardedBy("OwnChildren.class")
    private static final Set<Process> running = new LinkedHashSet<>();

    @GuardedBy("OwnChildren.class")
    private static boolean closed;

    private OwnChildren() {}

    /** To be called once, before the first child. */
    public static void stopThemAtTheEnd() {
        Runtime.getRuntime().addShutdownHook(new Thread(OwnChildren::stopAll, "stop-children"));
    }

    /**
     * Starts a process that will not outlive this one.
     *
     * @throws IOException if the program cannot be started
     */
    public static synchronized Process start(ProcessBuilder builder) throws IOException {
        if (closed) {
            throw new IOException("no new processes: the bench is being stopped");
        }
        Process process = builder.start();
        running.add(process);
        process.onExit().thenAccept(OwnChildren::forget);
        return process;
    }

    private static synchronized void forget(Process process) {
        running.remove(process);
    }

    /** True once the end has begun: failures seen from then on are its consequences. */
    public static synchronized boolean stopping() {
        return closed;
    }

    private static void stopAll() {
        List<Process> left;
        synchronized (OwnChildren.class) {
            closed = true;
            left = List.copyOf(running);
        }
        left.forEach(Process::destroy);
        stop(left.stream().map(Process::toHandle).toList(), PATIENCE);
    }

    /**
     * Waits for processes that were told to stop; kills them and their descendants when the time is
     * up.
     *
     * @return false if some had to be killed
     */
    public static boolean stop(List<ProcessHandle> processes, Duration limit) {
        List<ProcessHandle> families =
                processes.stream()
                        .flatMap(p -> Stream.concat(Stream.of(p), p.descendants()))
                        .toList();
        if (awaitExit(families, limit)) {
            return true;
        }
        families.forEach(ProcessHandle::destroyForcibly);
        awaitExit(families, PATIENCE);
        return false;
    }

    private static boolean awaitExit(List<ProcessHandle> processes, Duration limit) {
        CompletableFuture<?>[] exits =
                processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(exits).get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
