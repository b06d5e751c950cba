package io.jgunicorn.supervisor;

import io.jgunicorn.control.ControlMessage.LoadApp;
import io.jgunicorn.control.ControlMessage.Serve;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.supervisor.WorkerState.Spare;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the wanted number of workers: which ready ones take connections, who leaves because there
 * are too many, how many boot because there are too few, and when. Used by the loop's thread only.
 */
final class Staffing {
    private final Fleet fleet;
    private final WorkerLife life;
    private final int bootsAtOnce;
    private BackOff backOff = BackOff.NONE;

    Staffing(Fleet fleet, WorkerLife life, int cores) {
        this.fleet = fleet;
        this.life = life;
        this.bootsAtOnce = Math.max(1, cores / 2);
    }

    /**
     * Duty: ready workers take the places that are free.
     *
     * @param fallback the generation before, while the current one has proven nothing
     */
    void promoteSpares(Generation current, Optional<Generation> fallback, Turn turn) {
        int places = current.target() + recyclesDue(current) - fleet.serving(current.number());
        for (WorkerHandle spare : fleet.spares()) {
            if (places > 0 && spare.generation() == current.number()) {
                promote(spare, turn);
                places--;
            }
        }
        if (fallback.isPresent()) {
            // Until the new generation can, the spares of the one before help out.
            int missing = fallback.get().target() - fleet.serving();
            List<WorkerHandle> left = fleet.spares();
            for (int i = 0; i < Math.min(missing, left.size()); i++) {
                promote(left.get(i), turn);
            }
        }
    }

    private void promote(WorkerHandle worker, Turn turn) {
        if (worker.state() instanceof Spare(Duration since) && since.compareTo(turn.now()) < 0) {
            turn.log(LogLevel.INFO, "Spare worker takes over (pid: " + worker.pid() + ")");
        }
        turn.send(worker, new Serve());
        fleet.put(worker, new WorkerState.Serving(false));
    }

    /** Duty: of more workers than wanted the superfluous leave. */
    void drainSurplus(Generation current, Turn turn) {
        if (!current.proven()) {
            return; // whoever serves is needed
        }
        Duration killAt = turn.in(current.graceful());
        for (WorkerHandle worker : fleet.idle()) {
            if (worker.generation() != current.number()) {
                life.drain(worker, killAt, turn);
            }
        }
        for (int surplus = fleet.serving() - current.target(); surplus > 0; surplus--) {
            fleet.nextToLeave(current.scaled())
                    .ifPresent(worker -> life.drain(worker, killAt, turn));
        }
        int unneeded = fleet.alive(current.number()) - wanted(current);
        for (WorkerHandle worker : fleet.unemployed(current.number())) {
            if (unneeded > 0) {
                life.drain(worker, killAt, turn);
                unneeded--;
            }
        }
    }

    /** Duty: of fewer workers than wanted the missing boot. */
    void bootMissing(Generation current, Turn turn) {
        if (turn.now().compareTo(backOff.notBefore()) < 0) {
            return;
        }
        int failing = fleet.bootFailing(current.number());
        int boots = fleet.booting(current.number()).size() + failing;
        int room = (current.proven() ? bootsAtOnce : 1) - boots;
        int missing = wanted(current) - fleet.alive(current.number()) - failing;
        for (int i = Math.min(room, missing); i > 0; i--) {
            if (!current.reload()) {
                spawn(current, new WorkerState.Booting(), turn);
            } else if (!loadIntoBlank(current, turn)) {
                break;
            }
        }
        if (current.reload()
                && failing == 0
                && fleet.blank(current.number()).isEmpty()
                && blankWanted(current)) {
            spawn(current, new WorkerState.Blank(), turn);
        }
    }

    /** True if a worker is missing, or when all is quiet: the spare for the next edit. */
    private boolean blankWanted(Generation current) {
        return wanted(current) > fleet.alive(current.number())
                || (current.proven() && fleet.booting(current.number()).isEmpty());
    }

    private void spawn(Generation current, WorkerState state, Turn turn) {
        WorkerHandle worker = fleet.add(current.number(), state, turn.now());
        turn.add(new Action.Spawn(worker.age(), worker.generation()));
    }

    /** Lets a prepared worker load the application; false if none has its link yet. */
    private boolean loadIntoBlank(Generation current, Turn turn) {
        for (WorkerHandle worker : fleet.blank(current.number())) {
            if (worker.linked()) {
                turn.send(worker, new LoadApp());
                fleet.put(worker.loadingSince(turn.now()));
                return true;
            }
        }
        return false;
    }

    /** How many shall boot, wait or serve: more while workers wait for their replacements. */
    private int wanted(Generation current) {
        return current.target() + Math.max(current.spares(), recyclesDue(current));
    }

    private int recyclesDue(Generation current) {
        return fleet.recyclesDue(current.number(), current.policy().replacements());
    }

    /** Boots work again, or there is reason to hope so. */
    void clearBackOff() {
        backOff = BackOff.NONE;
    }

    /** A boot failed: the next waits. */
    BackOff backOff(Duration now) {
        backOff = backOff.afterFailure(now);
        return backOff;
    }
}
