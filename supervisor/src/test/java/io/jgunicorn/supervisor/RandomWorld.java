package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig.Scaling;
import io.jgunicorn.config.ServerConfig.ScalingAlgorithm;
import io.jgunicorn.control.ControlMessage.BootFailed;
import io.jgunicorn.control.ControlMessage.Drain;
import io.jgunicorn.control.ControlMessage.Heartbeat;
import io.jgunicorn.control.ControlMessage.ListenersReceived;
import io.jgunicorn.control.ControlMessage.Load;
import io.jgunicorn.control.ControlMessage.LoadApp;
import io.jgunicorn.control.ControlMessage.Quit;
import io.jgunicorn.control.ControlMessage.Ready;
import io.jgunicorn.control.ControlMessage.ReplaceMe;
import io.jgunicorn.control.ControlMessage.RequestTimedOut;
import io.jgunicorn.control.ControlMessage.Serve;
import io.jgunicorn.control.ControlMessage.ToMaster;
import io.jgunicorn.control.ControlMessage.ToWorker;
import io.jgunicorn.os.Signal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Workers, operators and time, at random but repeatable: what a {@link Plan} may meet in any order.
 * Checks after each event what must never happen, and remembers all for the message of a failure.
 */
final class RandomWorld {
    private static final Duration GRACEFUL = Duration.ofSeconds(30);

    /** Longer than any patience of the plan with one worker. */
    private static final int LONG_SECONDS = 120;

    private static final int QUIET_SECONDS = 5;

    private enum Life {
        BLANK,
        BOOTING,
        READY,
        SERVING,
        LEAVING
    }

    /** A worker process that is only a number. */
    private static final class Simulated {
        final long pid;
        Life life;
        boolean frozen;
        boolean killed;

        Simulated(long pid, boolean waitsForOrder) {
            this.pid = pid;
            this.life = waitsForOrder ? Life.BLANK : Life.BOOTING;
        }
    }

    private final Random random;
    private final Plan plan;
    private final Map<Integer, Generation> generations = new TreeMap<>();
    private final Map<Long, Simulated> workers = new TreeMap<>();
    private final List<String> story = new ArrayList<>();
    private Duration now = Duration.ofSeconds(100);
    private OptionalInt halted = OptionalInt.empty();
    private boolean stopping;
    private boolean healed;
    private boolean everReady;
    private double busy;
    private double waiting;

    RandomWorld(long seed) {
        random = new Random(seed);
        Generation first = generation(1);
        generations.put(1, first);
        plan = new Plan(first, 1 + random.nextInt(8), false);
        story.add("seed " + seed + ", " + first);
        tell(new Event.Tick());
    }

    /** Everything that happened, an event or action in each line. */
    String story() {
        return String.join("\n", story);
    }

    OptionalInt halted() {
        return halted;
    }

    // ---- what may happen -----------------------------------------------------------------------

    /** One event of any kind. */
    void step() {
        switch (random.nextInt(17)) {
            case 0, 1, 2 -> pass(Duration.ofMillis(random.nextInt(3000)));
            case 3, 4, 5 -> any(p -> p.life == Life.BOOTING).ifPresent(this::becomeReady);
            case 6 -> any(p -> p.life == Life.BOOTING && everReady).ifPresent(this::failToBoot);
            case 7 -> any(_ -> true).ifPresent(this::crash);
            case 8, 9 ->
                    any(p -> p.life == Life.SERVING)
                            .ifPresent(p -> say(p, new ReplaceMe("random")));
            case 10 -> any(p -> p.life == Life.SERVING).ifPresent(this::missDeadline);
            case 11 -> any(_ -> true).ifPresent(p -> p.frozen = true);
            case 12, 13 -> any(p -> p.life == Life.LEAVING).ifPresent(p -> end(p, 0));
            case 14 -> {
                busy = random.nextDouble();
                waiting = random.nextInt(3);
            }
            case 15 ->
                    any(p -> p.life != Life.BLANK)
                            .ifPresent(p -> tell(new Event.LinkBroken(p.pid, "nonsense")));
            default -> signal(pick(Signal.HUP, Signal.TTIN, Signal.TTOU, Signal.USR1));
        }
    }

    /** From now on nothing fails any more, until all have been at their places for a while. */
    void heal() {
        story.add("-- all is well from here on");
        healed = true;
        int quiet = 0;
        for (int i = 0; i < LONG_SECONDS && quiet < QUIET_SECONDS && halted.isEmpty(); i++) {
            all(p -> p.killed || p.life == Life.LEAVING).forEach(p -> end(p, p.killed ? 137 : 0));
            workers.values().forEach(p -> p.frozen = false);
            all(p -> p.life == Life.BOOTING).forEach(this::becomeReady);
            pass(Duration.ofSeconds(1));
            quiet = staffing().isEmpty() ? quiet + 1 : 0;
        }
    }

    /** TERM; the workers do what they like. */
    void stop() {
        signal(Signal.TERM);
        for (int i = 0; i < LONG_SECONDS && halted.isEmpty(); i++) {
            if (random.nextInt(8) == 0) {
                step();
            }
            pass(Duration.ofSeconds(1));
            all(p -> p.killed).forEach(p -> end(p, 137));
        }
    }

    private void pass(Duration time) {
        Duration left = time;
        while (left.isPositive()) {
            Duration step =
                    left.compareTo(Duration.ofMillis(250)) < 0 ? left : Duration.ofMillis(250);
            now = now.plus(step);
            left = left.minus(step);
            for (Simulated process : all(p -> !p.frozen)) {
                say(process, new Heartbeat(1, 1, 1, new Load(busy, waiting, 0)));
            }
            tell(new Event.Tick());
        }
    }

    private void becomeReady(Simulated process) {
        if (!process.frozen) {
            process.life = Life.READY;
            everReady = true;
            say(process, new Ready("test"));
        }
    }

    /** The worker stops accepting by itself. */
    private void missDeadline(Simulated process) {
        process.life = Life.LEAVING;
        say(process, new RequestTimedOut("GET /", 30));
    }

    private void failToBoot(Simulated process) {
        int code = 3 + random.nextInt(2);
        say(process, new BootFailed(code, "random"));
        end(process, code);
    }

    private void crash(Simulated process) {
        end(process, pick(1, 134, 137, 139));
    }

    private void end(Simulated process, int status) {
        if (workers.remove(process.pid) != null) {
            tell(new Event.LinkClosed(process.pid));
            tell(new Event.WorkerExited(process.pid, status));
        }
    }

    private void signal(Signal signal) {
        stopping |= signal == Signal.TERM;
        tell(new Event.SignalReceived(signal));
    }

    private void say(Simulated process, ToMaster message) {
        if (workers.containsKey(process.pid)) {
            tell(new Event.MessageFrom(process.pid, message));
        }
    }

    private Generation generation(int number) {
        Generation.Policy policy =
                new Generation.Policy(
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(pick(0, 30)),
                        GRACEFUL,
                        1 + random.nextInt(2),
                        random.nextInt(3),
                        random.nextBoolean() ? Optional.of(scaling()) : Optional.empty());
        Generation fresh =
                Generation.fresh(number, 1 + random.nextInt(4), policy, random.nextInt(8) == 0);
        return random.nextInt(8) == 0 ? fresh.reloading() : fresh;
    }

    private Scaling scaling() {
        return new Scaling(
                1,
                4 + random.nextInt(3),
                1 + random.nextInt(3),
                pick(ScalingAlgorithm.values()),
                0.7,
                Duration.ofSeconds(5),
                0);
    }

    // ---- what the plan makes of it -------------------------------------------------------------

    private void tell(Event event) {
        Deque<Event> events = new ArrayDeque<>(List.of(event));
        while (!events.isEmpty() && halted.isEmpty()) {
            Event next = events.remove();
            if (!(next instanceof Event.Tick)
                    && !(next instanceof Event.MessageFrom(_, Heartbeat _))) {
                story.add(now.toMillis() + " " + next);
            }
            int servingBefore = count(Life.SERVING);
            boolean sentAway = false;
            for (Action action : plan.on(next, now)) {
                if (!(action instanceof Action.Log)) {
                    story.add("        " + action);
                }
                sentAway |= perform(action, events);
            }
            if (sentAway && !stopping) {
                check(
                        count(Life.SERVING) >= plan.current().target(),
                        "sent a worker away: %d of %d serve, %d before"
                                .formatted(
                                        count(Life.SERVING),
                                        plan.current().target(),
                                        servingBefore));
            }
        }
    }

    /** True if a worker that served was told to leave. */
    private boolean perform(Action action, Deque<Event> events) {
        check(halted.isEmpty(), "did something after the end");
        switch (action) {
            case Action.Spawn(long age, _) when !healed && random.nextInt(20) == 0 ->
                    events.add(new Event.SpawnFailed(age, "random"));
            case Action.Spawn(long age, int generation) -> {
                check(!stopping, "started a worker after TERM");
                long pid = 1000 + age;
                Generation of = generations.get(generation);
                workers.put(pid, new Simulated(pid, of.reload()));
                events.add(new Event.WorkerStarted(age, pid));
                events.add(new Event.MessageFrom(pid, new ListenersReceived()));
            }
            case Action.Send(long pid, ToWorker message) -> {
                return order(workers.get(pid), message);
            }
            case Action.Kill(long pid, Signal signal) -> {
                Simulated process = workers.get(pid);
                if (process != null) {
                    boolean served = process.life == Life.SERVING;
                    process.life = Life.LEAVING;
                    process.killed |= signal == Signal.KILL;
                    return served && signal == Signal.TERM;
                }
            }
            case Action.Reload(int number) -> {
                if (random.nextInt(4) == 0) {
                    events.add(new Event.ReloadFailed("random"));
                } else {
                    Generation next = generation(number);
                    generations.put(number, next);
                    events.add(new Event.Reloaded(next));
                }
            }
            case Action.Halt(int code) -> {
                check(
                        workers.values().stream().allMatch(p -> p.killed),
                        "ended before its workers");
                halted = OptionalInt.of(code);
            }
            case Action.CloseListeners() -> stopping = true;
            case Action.Log _,
                    Action.ReturnTo _,
                    Action.ReopenLogs _,
                    Action.KeepGenerations _,
                    Action.Reaped _,
                    Action.WorkerCountChanged _,
                    Action.Remember _,
                    Action.StartSuccessor _,
                    Action.HandOver _,
                    Action.TakeBack _,
                    Action.Promote _,
                    Action.Tell _ -> {}
        }
        return false;
    }

    private boolean order(Simulated process, ToWorker message) {
        if (process == null) {
            return false; // it has ended, and the plan does not know yet
        }
        boolean served = process.life == Life.SERVING;
        switch (message) {
            case Serve() -> {
                check(
                        process.life == Life.READY,
                        "told a worker to serve that was " + process.life);
                process.life = Life.SERVING;
            }
            case LoadApp() -> {
                check(process.life == Life.BLANK, "told a worker to load that was " + process.life);
                process.life = Life.BOOTING;
            }
            case Drain(), Quit() -> {
                process.life = Life.LEAVING;
                return served;
            }
            default -> {}
        }
        return false;
    }

    // ---- what must be so when all is well ------------------------------------------------------

    /** Exactly as many serve and wait as are wanted, and nobody else is left. */
    void checkFullyStaffed() {
        check(staffing().isEmpty(), "has " + staffing());
    }

    /** What is wrong with the number of workers; empty if nothing is. */
    private String staffing() {
        Generation current = plan.current();
        int others = workers.size() - current.target() - current.spares();
        boolean right =
                count(Life.SERVING) == current.target()
                        && count(Life.READY) == current.spares()
                        && others == (current.reload() ? 1 : 0);
        return right
                ? ""
                : "%d serving of %d, %d spares of %d, %d others"
                        .formatted(
                                count(Life.SERVING),
                                current.target(),
                                count(Life.READY),
                                current.spares(),
                                others);
    }

    void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError("The plan " + otherwise + ". What happened:\n" + story());
        }
    }

    private int count(Life life) {
        return all(p -> p.life == life).size();
    }

    private Optional<Simulated> any(Predicate<Simulated> condition) {
        List<Simulated> some = all(condition);
        return some.isEmpty()
                ? Optional.empty()
                : Optional.of(some.get(random.nextInt(some.size())));
    }

    private List<Simulated> all(Predicate<Simulated> condition) {
        return workers.values().stream().filter(condition).toList();
    }

    @SafeVarargs
    private final <T> T pick(T... values) {
        return values[random.nextInt(values.length)];
    }
}
