package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig.Scaling;
import io.jgunicorn.control.ControlMessage.Load;
import io.jgunicorn.log.LogLevel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How many workers the load asks for ({@code max_workers}; uWSGI: {@code cheaper}). Looks once a
 * second; grows when there have been too few for {@link #SUSTAINED} looks, and again only when all
 * have served for {@link #SETTLING}; shrinks by one when one less would have done for {@code
 * scaling_down_after}, with a gap between the two so that it does not swing. A change by somebody
 * else, such as an operator, counts as one of its own. Loads are counted in workers: 1.5 is what
 * one and a half workers can do. Owned by {@link Plan}, on the loop's thread.
 */
final class Autoscaling {
    static final Duration PERIOD = Duration.ofSeconds(1);
    static final int SUSTAINED = 3;

    /** How long fresh workers are slow, and make others slow: Python is being compiled. */
    static final Duration SETTLING = Duration.ofSeconds(20);

    /** More boots have failed than that: no more workers can be had now. */
    private static final int BOOT_FAILURES = 2;

    /** One worker less must leave this share of what would make one more come. */
    private static final double GAP = 0.7;

    /** How much of a worker is to be free for {@code spare}: below the first one more comes. */
    private static final double LEAST_FREE = 0.75;

    private static final double FREE_AFTERWARDS = 0.9;

    /** So busy may the workers be afterwards, for {@code backlog}. */
    private static final double QUIET_BUSYNESS = 0.5;

    private final Fleet fleet;
    private final Map<Long, Load> loads = new HashMap<>();

    /** The least seen since the last look: a connection that is accepted at once does not wait. */
    private OptionalInt backlog = OptionalInt.empty();

    private Duration lastLook = Duration.ZERO;
    private Duration settledAt = Duration.ZERO;
    private int target;
    private int tooFew;
    private int tooMuchMemory;
    private Optional<Duration> tooManySince = Optional.empty();
    private boolean saidThatMemoryBounds;

    Autoscaling(Fleet fleet) {
        this.fleet = fleet;
    }

    /** What the worker of that age was doing since it last said so. */
    void heard(long age, Load load) {
        loads.put(age, load);
    }

    void forget(long age) {
        loads.remove(age);
    }

    /** How many connections wait to be accepted. */
    void backlog(int connections) {
        backlog = OptionalInt.of(Math.min(connections, backlog.orElse(connections)));
    }

    /** A worker could not boot: the number that serves will have to do, for a while. */
    OptionalInt bootFailed(Generation current, int failures, Turn turn) {
        int serving = fleet.serving(current.number());
        int least = current.policy().scaling().map(Scaling::least).orElse(Integer.MAX_VALUE);
        if (failures < BOOT_FAILURES || serving < least || serving >= current.target()) {
            return OptionalInt.empty();
        }
        settledAt = turn.in(SETTLING);
        target = current.target();
        return to(serving, "no more can be booted", turn);
    }

    /** The number of workers there shall be from now on, if it is to change. */
    OptionalInt look(Generation current, Turn turn) {
        if (turn.now().minus(lastLook).compareTo(PERIOD) < 0) {
            return OptionalInt.empty();
        }
        lastLook = turn.now();
        List<Load> serving =
                fleet.of(current.number()).stream()
                        .filter(WorkerHandle::serving)
                        .filter(worker -> loads.containsKey(worker.age()))
                        .map(worker -> loads.get(worker.age()))
                        .toList();
        if (current.target() != target) {
            target = current.target();
            settledAt = turn.in(SETTLING);
            begin();
        }
        if (serving.size() < target) {
            settledAt = turn.in(SETTLING); // what is on its way comes first
        }
        Scaling scaling = current.policy().scaling().orElseThrow();
        double busy = serving.stream().mapToDouble(Load::busy).sum();
        double waiting = serving.stream().mapToDouble(Load::waiting).sum() + backlog.orElse(0);
        backlog = OptionalInt.empty();
        tooFew = tooFew(scaling, busy, waiting) ? tooFew + 1 : 0;
        tooMuchMemory = memoryOfStaying() > limit(scaling) ? tooMuchMemory + 1 : 0;
        if (!tooMany(scaling, busy, waiting)) {
            tooManySince = Optional.empty();
        } else if (tooManySince.isEmpty()) {
            tooManySince = Optional.of(turn.now());
        }
        return decide(scaling, reason(busy, waiting), turn);
    }

    private void begin() {
        tooFew = 0;
        tooMuchMemory = 0;
        tooManySince = Optional.empty();
    }

    private OptionalInt decide(Scaling scaling, String reason, Turn turn) {
        if (tooMuchMemory >= SUSTAINED && target > scaling.least()) {
            String why = "they take " + (memoryOfStaying() >> 20) + " MB (scaling_memory)";
            return to(target - 1, why, turn);
        }
        boolean settled = turn.now().compareTo(settledAt) >= 0;
        if (settled && tooFew >= SUSTAINED && target < scaling.most()) {
            int room = room(scaling);
            if (room > 0) {
                int step = Math.min(scaling.step(), scaling.most() - target);
                return to(target + Math.min(step, room), reason, turn);
            }
            sayThatMemoryBounds(turn);
        }
        boolean forLong =
                tooManySince.isPresent()
                        && turn.now().minus(tooManySince.get()).compareTo(scaling.downAfter()) >= 0;
        return forLong && target > scaling.least()
                ? to(target - 1, reason, turn)
                : OptionalInt.empty();
    }

    private OptionalInt to(int wanted, String reason, Turn turn) {
        saidThatMemoryBounds = false;
        turn.log(LogLevel.INFO, "Scaling from " + target + " to " + wanted + " workers: " + reason);
        return OptionalInt.of(wanted);
    }

    private String reason(double busy, double waiting) {
        return String.format(
                Locale.ROOT, "%.0f %% busy, %.0f waiting", 100 * busy / target, waiting);
    }

    private boolean tooFew(Scaling scaling, double busy, double waiting) {
        return switch (scaling.algorithm()) {
            case BUSYNESS -> busy > target * scaling.busyness();
            case SPARE -> target - busy < LEAST_FREE;
            case BACKLOG -> waiting >= target;
        };
    }

    /** True if one worker less would do. */
    private boolean tooMany(Scaling scaling, double busy, double waiting) {
        int fewer = target - 1;
        return switch (scaling.algorithm()) {
            case BUSYNESS -> busy < fewer * scaling.busyness() * GAP;
            case SPARE -> fewer - busy >= FREE_AFTERWARDS;
            case BACKLOG -> waiting < fewer * GAP && busy < fewer * QUIET_BUSYNESS;
        };
    }

    // ---- memory --------------------------------------------------------------------------------

    /** Bytes that all workers take, those that leave too. */
    private long memory() {
        return loads.values().stream().mapToLong(Load::residentBytes).sum();
    }

    /** The same without those that leave. */
    private long memoryOfStaying() {
        return fleet.all().stream()
                .filter(worker -> worker.booting() || worker.spare() || worker.serving())
                .map(worker -> loads.getOrDefault(worker.age(), Load.UNKNOWN))
                .mapToLong(Load::residentBytes)
                .sum();
    }

    private static long limit(Scaling scaling) {
        return scaling.residentBytes() == 0 ? Long.MAX_VALUE : scaling.residentBytes();
    }

    /** How many more workers of the mean size there is memory for. */
    private int room(Scaling scaling) {
        long mean = Math.max(1, memory() / Math.max(1, loads.size()));
        return Math.clamp((limit(scaling) - memory()) / mean, 0, scaling.most());
    }

    private void sayThatMemoryBounds(Turn turn) {
        if (!saidThatMemoryBounds) {
            saidThatMemoryBounds = true;
            turn.log(
                    LogLevel.WARNING,
                    "No worker is added: "
                            + loads.size()
                            + " take "
                            + (memory() >> 20)
                            + " MB, and one more would exceed scaling_memory");
        }
    }
}
