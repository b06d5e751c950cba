package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.control.ControlMessage.ToWorker;
import io.jgunicorn.os.LibC;
import io.jgunicorn.os.Signal;
import io.jgunicorn.python.HookArgument;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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

    private record Running(long age, Process process) {}

    private final ControlServer control;
    private final CommandLine command;
    private final Consumer<Event> events;
    private final Map<Long, Running> running = new LinkedHashMap<>();
    private List<String> recentRequests = List.of();

    Workers(ControlServer control, CommandLine command, Consumer<Event> events) {
        this.control = control;
        this.command = command;
        this.events = events;
    }

    /** Starts a worker and returns its process id. */
    long start(long age, Deployment deployment) throws IOException {
        List<String> line =
                command.line(
                        deployment.config().server().workers(),
                        control.address(),
                        ProcessHandle.current().pid(),
                        control.descriptors(deployment.listeners().size()));
        ProcessLauncher.Child child = deployment.child(line);
        Process process =
                control.admit(
                        () -> ProcessLauncher.start(child),
                        deployment.briefing(age, recentRequests));
        running.put(process.pid(), new Running(age, process));
        process.onExit().thenAccept(this::ended);
        return process.pid();
    }

    /** For the warm-up of those started from now on. */
    void remember(List<String> requests) {
        recentRequests = List.copyOf(requests);
    }

    void send(long pid, ToWorker message) {
        control.send(pid, message);
    }

    /** Signals a worker, unless it has ended: its id may be another's by now. */
    void kill(long pid, Signal signal) {
        Running worker = running.get(pid);
        if (worker != null && worker.process().isAlive()) {
            LibC.kill(pid, signal);
        }
    }

    void reaped(long pid) {
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
    private void ended(Process process) {
        long pid = process.pid();
        int status = process.exitValue();
        control.afterLink(pid, () -> events.accept(new Event.WorkerExited(pid, status)));
    }
}
