package io.jgunicorn.supervisor;

import io.jgunicorn.supervisor.WorkerState.Aborted;
import io.jgunicorn.supervisor.WorkerState.Blank;
import io.jgunicorn.supervisor.WorkerState.BootFailing;
import io.jgunicorn.supervisor.WorkerState.Booting;
import io.jgunicorn.supervisor.WorkerState.Draining;
import io.jgunicorn.supervisor.WorkerState.Expired;
import io.jgunicorn.supervisor.WorkerState.Killed;
import io.jgunicorn.supervisor.WorkerState.Serving;
import io.jgunicorn.supervisor.WorkerState.Spare;
import io.jgunicorn.supervisor.WorkerState.Unlinked;
import java.time.Duration;
import java.util.Optional;

/**
 * The master's view of one worker: who it is and where it is in its life. Not here: the process
 * itself, the link to it, its configuration.
 *
 * @param age position in the order of spawning, from 1; names the worker for life
 * @param pid process id, 0 until the process has been started
 * @param lastSign when it was last heard of; empty until its control link stands
 */
record WorkerHandle(
        long age,
        int generation,
        long pid,
        WorkerState state,
        Duration spawnedAt,
        Optional<Duration> lastSign) {

    static WorkerHandle spawned(long age, int generation, WorkerState state, Duration now) {
        return new WorkerHandle(age, generation, 0, state, now, Optional.empty());
    }

    WorkerHandle withPid(long pid) {
        return new WorkerHandle(age, generation, pid, state, spawnedAt, lastSign);
    }

    WorkerHandle withState(WorkerState state) {
        return new WorkerHandle(age, generation, pid, state, spawnedAt, lastSign);
    }

    WorkerHandle heardAt(Duration now) {
        return new WorkerHandle(age, generation, pid, state, spawnedAt, Optional.of(now));
    }

    boolean started() {
        return pid != 0;
    }

    boolean linked() {
        return lastSign.isPresent();
    }

    /** How long nothing has been heard of it. */
    Duration silence(Duration now) {
        return now.minus(lastSign.orElse(spawnedAt));
    }

    /** Boots from now on: the order to load the application is on its way. */
    WorkerHandle loadingSince(Duration now) {
        return new WorkerHandle(age, generation, pid, new Booting(), now, lastSign);
    }

    boolean blank() {
        return state instanceof Blank;
    }

    boolean booting() {
        return state instanceof Booting;
    }

    boolean spare() {
        return state instanceof Spare;
    }

    boolean serving() {
        return state instanceof Serving;
    }

    boolean asksOut() {
        return state instanceof Serving(boolean asksOut) && asksOut;
    }

    /** Leaves, or has left, because it asked to be replaced. */
    boolean recycled() {
        return switch (state) {
            case Draining(_, boolean recycled) -> recycled;
            case Killed(_, Draining(_, boolean recycled)) -> recycled;
            case Blank _,
                    Booting _,
                    Spare _,
                    Serving _,
                    Expired _,
                    Aborted _,
                    Unlinked _,
                    BootFailing _,
                    Killed _ ->
                    false;
        };
    }

    /** Did not become ready in time. */
    boolean bootOverdue() {
        return switch (state) {
            case BootFailing(_, _, boolean overdue) -> overdue;
            case Killed(_, BootFailing(_, _, boolean overdue)) -> overdue;
            case Blank _,
                    Booting _,
                    Spare _,
                    Serving _,
                    Draining _,
                    Expired _,
                    Aborted _,
                    Unlinked _,
                    Killed _ ->
                    false;
        };
    }

    /** Why it never became ready, if it now ended: empty for one that served or was dismissed. */
    Optional<String> bootFailure() {
        return switch (state) {
            case Blank(), Booting() -> Optional.of("");
            case BootFailing(_, String reason, _) -> Optional.of(reason);
            case Killed(_, BootFailing(_, String reason, _)) -> Optional.of(reason);
            case Spare _, Serving _, Draining _, Expired _, Aborted _, Unlinked _, Killed _ ->
                    Optional.empty();
        };
    }
}
