package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig.Scaling;
import io.jgunicorn.control.ControlMessage.Heartbeat;
import io.jgunicorn.control.ControlMessage.Load;
import io.jgunicorn.control.ControlMessage.Ready;
import io.jgunicorn.control.ControlMessage.ToMaster;
import io.jgunicorn.control.ControlMessage.ToWorker;
import io.jgunicorn.os.Signal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Plays the outside world for a {@link Plan}: a clock moved by hand, and processes that are only
 * numbers (worker of age 1 has pid 1001). Remembers every action.
 */
final class PlanDriver {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Generation.Policy POLICY =
            new Generation.Policy(Duration.ofMinutes(5), TIMEOUT, TIMEOUT, 1, 0, Optional.empty());

    private final Plan plan;
    private final List<Action> actions = new ArrayList<>();
    private final Set<Long> booting = new TreeSet<>();
    private final Set<Long> serving = new TreeSet<>();
    private Duration now = Duration.ofSeconds(100);
    private Optional<String> spawnFailure = Optional.empty();

    PlanDriver(int workers, int cores) {
        this(Generation.fresh(1, workers, POLICY, false), cores);
    }

    private PlanDriver(Generation first, int cores) {
        this(first, cores, false);
    }

    private PlanDriver(Generation first, int cores, boolean succeeds) {
        plan = new Plan(first, cores, succeeds);
    }

    /** One worker that is ready; another master has started this one and still runs. */
    static PlanDriver succeeding() {
        PlanDriver driver = new PlanDriver(Generation.fresh(1, 1, POLICY, false), 2, true);
        driver.tick();
        driver.ready(1);
        return driver;
    }

    static PlanDriver preloading() {
        return new PlanDriver(Generation.fresh(1, 1, POLICY, true), 2);
    }

    /** One worker, on two cores, with the reload setting. */
    static PlanDriver reloading() {
        return new PlanDriver(Generation.fresh(1, 1, POLICY, false).reloading(), 2);
    }

    /** A server whose workers of age 1 to n are ready, on two cores. */
    static PlanDriver serving(int workers) {
        PlanDriver driver = new PlanDriver(workers, 2);
        driver.tick();
        for (int age = 1; age <= workers; age++) {
            driver.ready(age);
        }
        return driver;
    }

    /** A server whose workers' number follows the load; the first n are ready. */
    static PlanDriver scaling(int workers, Scaling scaling) {
        return serving(workers, 0, Optional.of(scaling));
    }

    /** The same with one more that waits. */
    static PlanDriver scalingWithSpare(int workers, Scaling scaling) {
        return serving(workers, 1, Optional.of(scaling));
    }

    /** A server whose workers of age 1 to n serve, and those up to n + m wait beside them. */
    static PlanDriver servingWithSpares(int workers, int spares) {
        return serving(workers, spares, Optional.empty());
    }

    private static PlanDriver serving(int workers, int spares, Optional<Scaling> scaling) {
        Generation.Policy policy =
                new Generation.Policy(TIMEOUT, TIMEOUT, TIMEOUT, 1, spares, scaling);
        PlanDriver driver = new PlanDriver(Generation.fresh(1, workers, policy, false), 2);
        driver.tick();
        for (int age = 1; age <= workers + spares; age++) {
            driver.ready(age);
        }
        return driver;
    }

    /** Seconds pass in which every serving worker is so busy; those that boot become ready. */
    void passUnder(Load load, int seconds) {
        for (int i = 0; i < seconds; i++) {
            for (long age : Set.copyOf(serving)) {
                message(age, new Heartbeat(1, 1, 1, load));
            }
            pass(1);
            List.copyOf(booting).forEach(this::ready);
        }
    }

    void on(Event event) {
        Deque<Event> events = new ArrayDeque<>(List.of(event));
        while (!events.isEmpty()) {
            for (Action action : plan.on(events.remove(), now)) {
                actions.add(action);
                note(action, events);
            }
        }
    }

    private void note(Action action, Deque<Event> events) {
        switch (action) {
            case Action.Spawn(long age, _) when spawnFailure.isPresent() ->
                    events.add(new Event.SpawnFailed(age, spawnFailure.get()));
            case Action.Spawn(long age, _) -> {
                booting.add(age);
                events.add(new Event.WorkerStarted(age, pid(age)));
            }
            case Action.Send(long pid, ToWorker message) -> {
                booting.remove(pid - 1000);
                if (message instanceof io.jgunicorn.control.ControlMessage.Serve) {
                    serving.add(pid - 1000);
                } else if (!(message instanceof io.jgunicorn.control.ControlMessage.ReopenLogs)) {
                    serving.remove(pid - 1000);
                }
            }
            case Action.Kill(long pid, _) -> {
                booting.remove(pid - 1000);
                serving.remove(pid - 1000);
            }
            case Action.Log _,
                    Action.Reload _,
                    Action.ReturnTo _,
                    Action.ReopenLogs _,
                    Action.CloseListeners _,
                    Action.KeepGenerations _,
                    Action.Reaped _,
                    Action.WorkerCountChanged _,
                    Action.Remember _,
                    Action.StartSuccessor _,
                    Action.HandOver _,
                    Action.TakeBack _,
                    Action.Promote _,
                    Action.Tell _,
                    Action.Halt _ -> {}
        }
    }

    void tick() {
        on(new Event.Tick());
    }

    /** Lets time pass in one step. */
    void pass(double seconds) {
        now = now.plusMillis(Math.round(seconds * 1000));
        tick();
    }

    /** Lets time pass in steps of a second at most; the workers named give signs of life. */
    void passAlive(double seconds, long... ages) {
        long left = Math.round(seconds * 1000);
        while (left > 0) {
            long step = Math.min(left, 1000);
            now = now.plusMillis(step);
            left -= step;
            for (long age : ages) {
                message(age, new Heartbeat(1, 2, 1, Load.UNKNOWN));
            }
            tick();
        }
    }

    void signal(Signal signal) {
        on(new Event.SignalReceived(signal));
    }

    void reloaded(int generation, int workers) {
        reloaded(generation, workers, POLICY);
    }

    void reloaded(int generation, int workers, Generation.Policy policy) {
        on(new Event.Reloaded(Generation.fresh(generation, workers, policy, false)));
    }

    void message(long age, ToMaster message) {
        on(new Event.MessageFrom(pid(age), message));
    }

    void ready(long age) {
        booting.remove(age);
        message(age, new Ready("test"));
    }

    /** The process ends: first its link, then itself. */
    void exit(long age, int status) {
        booting.remove(age);
        serving.remove(age);
        on(new Event.LinkClosed(pid(age)));
        on(new Event.WorkerExited(pid(age), status));
    }

    void failSpawns(String reason) {
        spawnFailure = Optional.of(reason);
    }

    void allowSpawns() {
        spawnFailure = Optional.empty();
    }

    /** Ages of the workers started that are neither ready nor told to go. */
    Set<Long> booting() {
        return booting;
    }

    Set<Long> serving() {
        return serving;
    }

    List<String> log() {
        return actions(Action.Log.class).stream().map(l -> l.level() + " " + l.text()).toList();
    }

    List<Object> sent(long age) {
        List<Object> messages = new ArrayList<>();
        for (Action.Send send : actions(Action.Send.class)) {
            if (send.pid() == pid(age)) {
                messages.add(send.message());
            }
        }
        return messages;
    }

    List<Signal> signals(long age) {
        return actions(Action.Kill.class).stream()
                .filter(kill -> kill.pid() == pid(age))
                .map(Action.Kill::signal)
                .toList();
    }

    List<Long> reaped() {
        return actions(Action.Reaped.class).stream().map(Action.Reaped::pid).toList();
    }

    /** Ages of all workers started so far, prepared ones included. */
    List<Long> spawned() {
        return actions(Action.Spawn.class).stream().map(Action.Spawn::age).toList();
    }

    List<Integer> spawnedGenerations() {
        return actions(Action.Spawn.class).stream().map(Action.Spawn::generation).toList();
    }

    Set<Integer> kept() {
        return actions(Action.KeepGenerations.class).getLast().numbers();
    }

    /** What a service manager has been told, in order. */
    List<ServiceStatus> told() {
        return actions(Action.Tell.class).stream().map(Action.Tell::status).toList();
    }

    OptionalInt halted() {
        return actions(Action.Halt.class).stream().mapToInt(Action.Halt::exitCode).findFirst();
    }

    <A extends Action> List<A> actions(Class<A> type) {
        return actions.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static long pid(long age) {
        return 1000 + age;
    }
}
