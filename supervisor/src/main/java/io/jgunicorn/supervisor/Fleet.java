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
    /** Who leaves first: an old configuration, then who asked to, then the oldest. */
    private static final Comparator<WorkerHandle> LEAVING_ORDER =
            Comparator.comparingInt(WorkerHandle::generation)
                    .thenComparing(worker -> !worker.asksOut())
                    .thenComparingLong(WorkerHandle::age);

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

    /** How many of a generation boot or serve. */
    int alive(int generation) {
        return (int) of(generation).stream().filter(w -> w.booting() || w.serving()).count();
    }

    /** How many of a generation are failing to boot: what follows depends on how they end. */
    int bootFailing(int generation) {
        return (int)
                of(generation).stream()
                        .filter(w -> !w.booting() && !w.blank() && w.bootFailure().isPresent())
                        .count();
    }

    /** Those that wait for the order to load the application. */
    List<WorkerHandle> blank() {
        return workers.values().stream().filter(WorkerHandle::blank).toList();
    }

    List<WorkerHandle> booting(int generation) {
        return of(generation).stream().filter(WorkerHandle::booting).toList();
    }

    List<WorkerHandle> of(int generation) {
        return workers.values().stream().filter(w -> w.generation() == generation).toList();
    }

    /** True if a worker waits for its replacement and no other is being replaced. */
    boolean recycleDue(int generation) {
        return of(generation).stream().anyMatch(WorkerHandle::asksOut)
                && workers.values().stream().noneMatch(WorkerHandle::recycled);
    }

    Optional<WorkerHandle> nextToLeave() {
        return workers.values().stream().filter(WorkerHandle::serving).min(LEAVING_ORDER);
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
