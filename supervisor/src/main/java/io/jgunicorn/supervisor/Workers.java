package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.control.ControlMessage.ToWorker;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.os.LibC;
import io.jgunicorn.os.Signal;
import io.jgunicorn.python.HookArgument;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The worker processes themselves: starts them, talks to them, signals them, and posts their end.
 * Used by the master's thread only.
 */
final class Workers implements AutoCloseable {

    /** The command line of a worker. */
    @FunctionalInterface
    interface CommandLine {
        /** See {@link WorkerCommand#line}. */
        List<String> line(
                ServerConfig.Workers workers,
                String controlAddress,
                long masterPid,
                int descriptors);
    }

    private record Running(long age, Process process, Path directory, Instant since) {}

    private final ControlServer control;
    private final CommandLine command;
    private final Redirect errors;
    private final Consumer<Event> events;
    private final CauseOfDeath causes = CauseOfDeath.ofChildren();
    private final Map<Long, Running> running = new LinkedHashMap<>();

    /** Those whose end is no riddle. */
    private final Set<Long> signalled = ConcurrentHashMap.newKeySet();

    private List<String> recentRequests = List.of();

    /** What those started from now on have instead of their {@code loglevel}. */
    private Optional<LogLevel> logLevel = Optional.empty();

    /**
     * None is started yet.
     *
     * @param errors where the stderr of workers goes, if nothing captures it
     */
    Workers(ControlServer control, CommandLine command, Redirect errors, Consumer<Event> events) {
        this.control = control;
        this.command = command;
        this.errors = errors;
        this.events = events;
    }

    /** Starts a worker and returns its process id. */
    long start(long age, Deployment planned) throws IOException {
        Deployment deployment =
                logLevel.map(level -> planned.with(Map.of("loglevel", level.lowerName())))
                        .orElse(planned);
        List<String> line =
                command.line(
                        deployment.config().server().workers(),
                        control.address(),
                        ProcessHandle.current().pid(),
                        control.descriptors(deployment.listeners().size()));
        ProcessLauncher.Child child = deployment.child(line, errors);
        Instant began = Instant.now();
        Process process =
                control.admit(
                        () -> ProcessLauncher.start(child),
                        deployment.briefing(age, recentRequests));
        Running worker =
                new Running(age, process, deployment.config().server().process().chdir(), began);
        running.put(process.pid(), worker);
        process.onExit().thenAccept(_ -> ended(worker));
        return process.pid();
    }

    /** For the warm-up of those started from now on. */
    void remember(List<String> requests) {
        recentRequests = List.copyOf(requests);
    }

    /**
     * For those started from now on.
     *
     * @param level instead of the one of their configuration; empty for that
     */
    void startWithLogLevel(Optional<LogLevel> level) {
        logLevel = level;
    }

    void send(long pid, ToWorker message) {
        control.send(pid, message);
    }

    /** Signals a worker, unless it has ended: its id may be another's by now. */
    void kill(long pid, Signal signal) {
        Running worker = running.get(pid);
        if (worker != null && worker.process().isAlive()) {
            signalled.add(pid);
            LibC.kill(pid, signal);
        }
    }

    /** True from the start of a worker until {@link #reaped}. */
    boolean isRunning(long pid) {
        return running.containsKey(pid);
    }

    void reaped(long pid) {
        signalled.remove(pid);
        running.remove(pid);
    }

    /** Those started and not reaped, oldest first, as hooks see them. */
    List<HookArgument.Worker> alive() {
        return running.values().stream()
                .map(w -> new HookArgument.Worker(w.age(), OptionalLong.of(w.process().pid())))
                .toList();
    }

    /** Kills whatever is left: only a start that failed leaves something. */
    @Override
    public void close() {
        running.values().forEach(worker -> worker.process().destroyForcibly());
    }

    /** On a thread of the JDK's: the exit is posted after all that the worker has said. */
    private void ended(Running worker) {
        long pid = worker.process().pid();
        int status = worker.process().exitValue();
        Optional<String> cause =
                signalled.contains(pid)
                        ? Optional.empty()
                        : causes.of(pid, status, worker.directory(), worker.since());
        control.afterLink(pid, () -> events.accept(new Event.WorkerExited(pid, status, cause)));
    }
}
