package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig.Scaling;
import io.jgunicorn.config.ServerConfig.ScalingAlgorithm;
import io.jgunicorn.config.ServerConfig.StatsdSettings;
import io.jgunicorn.control.ControlMessage.BootFailed;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.os.NativeCallException;
import io.jgunicorn.python.HookArgument.Server;
import io.jgunicorn.python.HookArgument.Worker;
import io.jgunicorn.python.PythonFailure;
import io.jgunicorn.supervisor.ctl.CtlCall;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The loop of the master: takes one event after the other, asks {@link Plan} what to do, does it.
 * Runs on the thread "master", the only one that touches worker state, sockets and hooks.
 */
final class Supervisor {
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration BACKLOG_PERIOD = Duration.ofSeconds(1);
    private static final int FIRST_GENERATION = 1;

    private final Inbox inbox;
    private final Supplier<Duration> clock;
    private final ErrorLog log;
    private final Workers workers;
    private final ListenerSockets sockets;
    private final Reloader reloader;
    private final SystemdNotifier systemd;
    private final Successor successor;
    private final OperatorSocket operators;
    private final Optional<Daemon> daemon;
    private final Plan plan;
    private final OperatorCommands commands;

    /** Empty as soon as it is gone. */
    private Optional<Predecessor> predecessor;

    /** What each generation still needed was started with. */
    private final TreeMap<Integer, Deployment> deployments = new TreeMap<>();

    /** Events that actions gave rise to: they go before those of the inbox. */
    private final Deque<Event> followUps = new ArrayDeque<>();

    /** The kernel does not tell, and that has been said. */
    private boolean backlogUnknown;

    /** What StatsD has been told last. */
    private int toldWorkers = -1;

    private Duration backlogDue = Duration.ZERO;

    private OptionalInt exitCode = OptionalInt.empty();

    Supervisor(
            Inbox inbox,
            Supplier<Duration> clock,
            ErrorLog log,
            Workers workers,
            ListenerSockets sockets,
            Reloader reloader,
            SystemdNotifier systemd,
            Successor successor,
            Optional<Predecessor> predecessor,
            OperatorSocket operators,
            Optional<Daemon> daemon,
            Deployment first) {
        this.inbox = inbox;
        this.clock = clock;
        this.log = log;
        this.workers = workers;
        this.sockets = sockets;
        this.reloader = reloader;
        this.systemd = systemd;
        this.successor = successor;
        this.predecessor = predecessor;
        this.operators = operators;
        this.daemon = daemon;
        this.plan =
                new Plan(
                        firstGeneration(first.config(), predecessor),
                        Runtime.getRuntime().availableProcessors(),
                        predecessor.isPresent());
        deployments.put(FIRST_GENERATION, first);
        this.commands =
                new OperatorCommands(plan, workers, clock, this::newest, log, followUps::add);
    }

    private static Generation firstGeneration(
            Configuration config, Optional<Predecessor> predecessor) {
        Generation fresh = config.generation(FIRST_GENERATION);
        OptionalInt before = predecessor.map(Predecessor::scaledTo).orElse(OptionalInt.empty());
        return before.isPresent() ? fresh.scaledTo(before.getAsInt()) : fresh;
    }

    /** Serves until told to stop; returns the exit code. */
    int run() throws InterruptedException {
        turn(inbox.next(Duration.ZERO)); // a stop asked for meanwhile comes before the first boot
        Orphans orphans = new Orphans(pid -> workers.isRunning(pid) || successor.isChild(pid));
        while (exitCode.isEmpty()) {
            turn(inbox.next(TICK));
            orphans.reap();
            lookAtBacklog();
            tellMetrics();
            noticeEndOfPredecessor();
        }
        return exitCode.getAsInt();
    }

    private void noticeEndOfPredecessor() {
        if (predecessor.isPresent() && predecessor.get().gone()) {
            predecessor = Optional.empty();
            turn(new Event.PredecessorGone());
        }
    }

    private void lookAtBacklog() {
        Optional<Scaling> scaling = plan.current().policy().scaling();
        if (!plan.stopping()
                && scaling.isPresent()
                && scaling.get().algorithm() == ScalingAlgorithm.BACKLOG) {
            try {
                turn(
                        new Event.Backlog(
                                newest().listeners().stream().mapToInt(Listener::waiting).sum()));
            } catch (NativeCallException e) {
                if (!backlogUnknown) {
                    backlogUnknown = true;
                    log.warning(
                            "Workers are not added for connections that wait: " + e.getMessage());
                }
            }
        }
    }

    /**
     * For StatsD, with gunicorn's names: how many workers there are, and who waits at the sockets.
     */
    private void tellMetrics() {
        Optional<StatsdSettings> statsd = newest().config().server().logging().statsd();
        if (statsd.isEmpty()) {
            return;
        }
        int count = workers.alive().size();
        if (count != toldWorkers) {
            toldWorkers = count;
            log.metric("gunicorn.workers", Integer.toString(count), "gauge");
        }
        Duration now = clock.get();
        if (statsd.get().backlog() && now.compareTo(backlogDue) >= 0) {
            backlogDue = now.plus(BACKLOG_PERIOD);
            try {
                int waiting = newest().listeners().stream().mapToInt(Listener::waiting).sum();
                log.metric("gunicorn.backlog", Integer.toString(waiting), "histogram");
            } catch (NativeCallException e) {
                if (!backlogUnknown) {
                    backlogUnknown = true;
                    log.warning("The backlog is not known: " + e.getMessage());
                }
            }
        }
    }

    /** The hooks that apply now: those of the newest configuration in use. */
    MasterHooks hooks() {
        return newest().config().hooks();
    }

    /** The server as hooks see it now. */
    Server server() {
        return newest().server(
                        plan.current().target(),
                        workers.alive().stream().map(this::withSilence).toList(),
                        predecessor.map(Predecessor::pid).orElse(0L),
                        plan.successor().orElse(0L));
    }

    private Worker withSilence(Worker worker) {
        Duration silence =
                plan.workers().stream()
                        .filter(handle -> handle.age() == worker.age())
                        .findFirst()
                        .map(handle -> handle.silence(clock.get()))
                        .orElse(Duration.ZERO);
        return new Worker(worker.age(), worker.pid(), silence);
    }

    private void turn(Event event) {
        followUps.add(event);
        while (!followUps.isEmpty()) {
            Event next = followUps.remove();
            note(next);
            if (next instanceof Event.Asked(CtlCall call)) {
                answer(call);
            }
            if (next instanceof Event.MessageFrom(_, BootFailed(_, String reason))) {
                daemon.ifPresent(waitedFor -> waitedFor.bootFailed(reason));
            }
            daemon.flatMap(waitedFor -> failedBoot(next).flatMap(waitedFor::bootEnded))
                    .ifPresent(reason -> followUps.add(new Event.StartGivenUp(reason)));
            for (Action action : plan.on(next, clock.get())) {
                try {
                    perform(action);
                } catch (RuntimeException e) {
                    followUps.addFirst(endFor(e)); // before what else the failure has led to
                }
            }
        }
        systemd.turn(clock.get());
    }

    /** What a failure in the loop leads to: a hook may have called {@code sys.exit}. */
    private Event endFor(RuntimeException e) {
        if (e instanceof PythonFailure hook && hook.exitCode().isPresent()) {
            return new Event.HaltAsked(
                    hook.exitCode().getAsInt(),
                    Optional.of(hook.getMessage().strip()).filter(text -> !text.isEmpty()));
        }
        report(e);
        return new Event.LoopFailed();
    }

    /** How a worker ended that never became ready, if the event says so; before the plan knows. */
    private Optional<String> failedBoot(Event event) {
        return switch (event) {
            case Event.SpawnFailed(_, String reason) -> Optional.of(reason);
            case Event.WorkerExited(long pid, int status, var cause) ->
                    plan.workers().stream()
                            .filter(worker -> worker.pid() == pid)
                            .findFirst()
                            .flatMap(WorkerHandle::bootFailure)
                            .map(reason -> new ExitStatus(status).bootFailure(pid, reason, cause));
            default -> Optional.empty();
        };
    }

    /** What operators are told of it later: no reason to end the server either. */
    private void note(Event event) {
        try {
            commands.note(event);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    /** Whatever is wrong with an operator's command, the server is not at fault. */
    private void answer(CtlCall call) {
        try {
            commands.run(call);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    private void perform(Action action) {
        switch (action) {
            case Action.Spawn(long age, int generation) -> spawn(age, generation);
            case Action.Send(long pid, var message) -> workers.send(pid, message);
            case Action.Kill(long pid, var signal) -> workers.kill(pid, signal);
            case Action.Log(LogLevel level, String text) -> log.log(level, text);
            case Action.Reload(int generation) -> reload(generation);
            case Action.ReturnTo(int generation) -> returnTo(generation);
            case Action.ReopenLogs() -> reloader.reopenLogs();
            case Action.CloseListeners() -> closeListeners();
            case Action.KeepGenerations(Set<Integer> numbers) -> keep(numbers);
            case Action.Reaped(long age, long pid) -> {
                workers.reaped(pid);
                hooks().childExit(server(), new Worker(age, OptionalLong.of(pid)));
            }
            case Action.WorkerCountChanged(int now, int before) ->
                    hooks().nworkersChanged(server(), now, OptionalInt.of(before));
            case Action.Remember(List<String> requests) -> workers.remember(requests);
            case Action.StartSuccessor() -> startSuccessor();
            case Action.HandOver(long pid) -> systemd.handOver(pid);
            case Action.TakeBack() -> takeBack();
            case Action.Promote() -> promote();
            case Action.Tell(ServiceStatus status) -> {
                systemd.tell(status);
                daemon.ifPresent(waitedFor -> waitedFor.tell(status));
            }
            case Action.Halt(int code) -> exitCode = OptionalInt.of(code);
        }
    }

    private void spawn(long age, int generation) {
        try {
            hooks().preFork(server(), new Worker(age, OptionalLong.empty()));
            long pid = workers.start(age, deployments.get(generation));
            followUps.add(new Event.WorkerStarted(age, pid));
        } catch (IOException e) {
            followUps.add(new Event.SpawnFailed(age, e.getMessage()));
        } catch (RuntimeException e) {
            followUps.add(new Event.SpawnFailed(age, e.toString()));
            throw e;
        }
    }

    private void startSuccessor() {
        try {
            hooks().preExec(server());
            long pid =
                    successor.start(
                            newest().listeners(),
                            plan.current().scaled()
                                    ? OptionalInt.of(plan.current().target())
                                    : OptionalInt.empty());
            sockets.leaveFiles();
            followUps.add(new Event.SuccessorStarted(pid));
        } catch (PythonFailure e) {
            if (e.exitCode().isPresent()) {
                followUps.add(endFor(e));
            } else {
                log.error("Exception in pre_exec hook\n" + e.traceback().stripTrailing());
            }
            followUps.add(new Event.SuccessorFailed("the hook pre_exec has failed"));
        } catch (IOException | RuntimeException e) {
            followUps.add(new Event.SuccessorFailed(String.valueOf(e.getMessage())));
        }
    }

    /** The files go with the last master; that another one has ended may not be known yet. */
    private void closeListeners() {
        if (successor.hasEnded() || predecessor.map(Predecessor::gone).orElse(false)) {
            sockets.adoptFiles();
        }
        sockets.close();
    }

    private void takeBack() {
        successor.forget();
        sockets.adoptFiles();
        operators.open();
    }

    private void promote() {
        sockets.adoptFiles();
        reloader.promote();
        systemd.sayAgain();
    }

    private void reload(int generation) {
        try {
            Deployment fresh = reloader.reload(newest(), plan.beforeDrain(), server());
            deployments.put(generation, fresh);
            followUps.add(new Event.Reloaded(fresh.config().generation(generation)));
        } catch (StartFailure e) {
            reloadFailed(e.getMessage().strip());
        } catch (PythonFailure e) {
            if (e.exitCode().isPresent()) {
                followUps.add(endFor(e));
            } else {
                log.error("Exception in a hook of the new configuration\n" + e.traceback().strip());
            }
            reloadFailed("a hook has failed");
        } catch (RuntimeException e) {
            // Whatever is wrong with the new configuration, the running server is not at fault.
            log.error("Unexpected failure while reading the configuration", e);
            reloadFailed(e.toString());
        }
    }

    /** Nothing is to have changed: sockets that have been bound are closed again. */
    private void reloadFailed(String reason) {
        returnTo(plan.current().number());
        keep(Set.copyOf(deployments.keySet()));
        followUps.add(new Event.ReloadFailed(reason));
    }

    private void returnTo(int generation) {
        reloader.returnTo(deployments.get(generation).config());
    }

    private void keep(Set<Integer> numbers) {
        deployments.keySet().retainAll(numbers);
        List<Listener> needed =
                deployments.values().stream()
                        .flatMap(deployment -> deployment.listeners().stream())
                        .toList();
        sockets.retain(needed);
    }

    private Deployment newest() {
        return deployments.lastEntry().getValue();
    }

    private void report(RuntimeException failure) {
        if (failure instanceof PythonFailure hook) {
            log.error("Unhandled exception in main loop\n" + hook.traceback().stripTrailing());
        } else {
            log.error("Unhandled exception in main loop", failure);
        }
    }
}
