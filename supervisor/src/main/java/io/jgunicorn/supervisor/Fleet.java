package io.jgunicorn.supervisor;

import io.jgunicorn.supervisor.WorkerState.Killed;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** All workers the master knows of, oldest first. Owned by {@link Plan}, on the loop's thread. */
final class Fleet {
    /** Who leaves first: an old configuration, then who asked to. */
    private static final Comparator<WorkerHandle> LEAVING_ORDER =
            Comparator.comparingInt(WorkerHandle::generation)
                    .thenComparing(worker -> !worker.asksOut());

    private static final Comparator<WorkerHandle> OLDEST =
            Comparator.comparingLong(WorkerHandle::age);

    private final SortedMap<Long, WorkerHandle> workers = new TreeMap<>();
    private long lastAge;

    WorkerHandle add(int generation, WorkerState state, Duration now) {
        lastAge++;
        WorkerHandle worker = WorkerHandle.spawned(lastAge, generation, state, now);
        workers.put(worker.age(), worker);
        return worker;
    }

    /** Replaces what is known of a worker. */
    void put(WorkerHandle worker) {
        workers.put(worker.age(), worker);
    }

    void put(WorkerHandle worker, WorkerState state) {
        put(worker.withState(state));
    }

    void remove(WorkerHandle worker) {
        workers.remove(worker.age());
    }

    Optional<WorkerHandle> withAge(long age) {
        return Optional.ofNullable(workers.get(age));
    }

    Optional<WorkerHandle> withPid(long pid) {
        return workers.values().stream().filter(worker -> worker.pid() == pid).findFirst();
    }

    /** A snapshot: the fleet may be changed while it is walked. */
    List<WorkerHandle> all() {
        return List.copyOf(workers.values());
    }

    boolean isEmpty() {
        return workers.isEmpty();
    }

    int serving() {
        return (int) workers.values().stream().filter(WorkerHandle::serving).count();
    }

    int serving(int generation) {
        return (int) of(generation).stream().filter(WorkerHandle::serving).count();
    }

    /** How many of a generation boot, wait for a place or serve. */
    int alive(int generation) {
        return (int)
                of(generation).stream()
                        .filter(w -> w.booting() || w.spare() || w.serving())
                        .count();
    }

    /** Those that could serve; of the newest generation first. */
    List<WorkerHandle> spares() {
        return workers.values().stream()
                .filter(WorkerHandle::spare)
                .sorted(Comparator.comparingInt(WorkerHandle::generation).reversed())
                .toList();
    }

    /** How many of a generation are failing to boot: what follows depends on how they end. */
    int bootFailing(int generation) {
        return (int)
                of(generation).stream()
                        .filter(w -> !w.booting() && !w.blank() && w.bootFailure().isPresent())
                        .count();
    }

    /** Those of a generation that wait for the order to load the application. */
    List<WorkerHandle> blank(int generation) {
        return of(generation).stream().filter(WorkerHandle::blank).toList();
    }

    /** Those that no client would miss and that need no more time: blank ones and spares. */
    List<WorkerHandle> idle() {
        return workers.values().stream().filter(w -> w.blank() || w.spare()).toList();
    }

    /** Those of a generation that can go without a loss: booting ones first, the newest first. */
    List<WorkerHandle> unemployed(int generation) {
        return of(generation).stream()
                .filter(w -> w.booting() || w.spare())
                .sorted(
                        Comparator.comparing(WorkerHandle::spare)
                                .thenComparing(WorkerHandle::age, Comparator.reverseOrder()))
                .toList();
    }

    List<WorkerHandle> booting(int generation) {
        return of(generation).stream().filter(WorkerHandle::booting).toList();
    }

    List<WorkerHandle> of(int generation) {
        return workers.values().stream().filter(w -> w.generation() == generation).toList();
    }

    /**
     * How many workers wait for a replacement and may have it now.
     *
     * @param atOnce how many may be replaced at the same time
     */
    int recyclesDue(int generation, int atOnce) {
        long asking = of(generation).stream().filter(WorkerHandle::asksOut).count();
        long leaving = workers.values().stream().filter(WorkerHandle::recycled).count();
        return (int) Math.max(0, Math.min(asking, atOnce - leaving));
    }

    /**
     * The serving worker that leaves before the others.
     *
     * @param newest of equals the newest, which the compiler knows least, not the oldest
     */
    Optional<WorkerHandle> nextToLeave(boolean newest) {
        Comparator<WorkerHandle> byAge = newest ? OLDEST.reversed() : OLDEST;
        return workers.values().stream()
                .filter(WorkerHandle::serving)
                .min(LEAVING_ORDER.thenComparing(byAge));
    }

    /** True if every worker left has been sent KILL long ago and the kernel does not end it. */
    boolean unkillable(Duration since) {
        return workers.values().stream()
                .allMatch(w -> w.state() instanceof Killed k && k.at().compareTo(since) <= 0);
    }

    Collection<Integer> generations() {
        return workers.values().stream().map(WorkerHandle::generation).toList();
    }
}
