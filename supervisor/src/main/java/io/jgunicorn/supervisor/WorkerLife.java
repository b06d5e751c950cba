package io.jgunicorn.supervisor;

import io.jgunicorn.control.ControlMessage.Drain;
import io.jgunicorn.control.ControlMessage.Quit;
import io.jgunicorn.control.ControlMessage.RequestTimedOut;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.os.Signal;
import io.jgunicorn.supervisor.WorkerState.Aborted;
import io.jgunicorn.supervisor.WorkerState.Blank;
import io.jgunicorn.supervisor.WorkerState.BootFailing;
import io.jgunicorn.supervisor.WorkerState.Booting;
import io.jgunicorn.supervisor.WorkerState.Draining;
import io.jgunicorn.supervisor.WorkerState.Expired;
import io.jgunicorn.supervisor.WorkerState.Killed;
import io.jgunicorn.supervisor.WorkerState.Leaving;
import io.jgunicorn.supervisor.WorkerState.Serving;
import io.jgunicorn.supervisor.WorkerState.Spare;
import io.jgunicorn.supervisor.WorkerState.Unlinked;
import java.time.Duration;
import java.util.Locale;

/**
 * The life of a single worker: which state follows which, and what is said and sent on the way. No
 * word about generations or numbers of workers: that is {@link Plan}. Used by the loop's thread
 * only.
 *
 * <table>
 * <caption>Limits</caption>
 * <tr><td>a boot is mentioned when it takes</td><td>2 s, 4 s, 8 s, ...</td></tr>
 * <tr><td>after ABRT, before KILL</td><td>1 s</td></tr>
 * <tr><td>after a missed deadline, before KILL</td><td>graceful_timeout, at least 15 s</td></tr>
 * <tr><td>after the control link closed or BootFailed, before KILL</td><td>5 s</td></tr>
 * </table>
 */
final class WorkerLife {
    static final Duration SLOW_BOOT = Duration.ofSeconds(5);
    static final Duration AFTER_ABORT = Duration.ofSeconds(1);
    static final Duration AFTER_LINK_CLOSED = Duration.ofSeconds(5);

    /** Least time an expired worker has: it asks Python for the stack and runs worker_abort. */
    static final Duration REPORT = Duration.ofSeconds(15);

    private final Fleet fleet;

    WorkerLife(Fleet fleet) {
        this.fleet = fleet;
    }

    /** The worker shall finish its requests and leave; killed when it has not by that time. */
    void drain(WorkerHandle worker, Duration killAt, Turn turn) {
        switch (worker.state()) {
            case Blank(), Booting() -> dismiss(worker, killAt, turn);
            case Spare(_) -> {
                turn.send(worker, new Drain());
                fleet.put(worker, new Draining(killAt, false));
            }
            case Serving(boolean asksOut) -> {
                turn.send(worker, new Drain());
                fleet.put(worker, new Draining(killAt, asksOut));
            }
            case Leaving leaving -> fleet.put(worker, leaving.noLaterThan(killAt));
            case Killed _ -> {}
        }
    }

    /** The worker shall break off what it does and leave; killed when it has not by that time. */
    void dismiss(WorkerHandle worker, Duration killAt, Turn turn) {
        if (!worker.started() || worker.state() instanceof Killed) {
            return; // a worker about to be started is dismissed as soon as it is
        }
        if (worker.linked()) {
            turn.send(worker, new Quit());
        } else {
            turn.kill(worker, Signal.TERM);
        }
        switch (worker.state()) {
            case Blank(), Booting(), Spare(_), Serving(_) ->
                    fleet.put(worker, new Draining(killAt, false));
            case Leaving leaving -> fleet.put(worker, leaving.noLaterThan(killAt));
            case Killed _ -> {}
        }
    }

    /**
     * A heartbeat: an expired worker without other requests (stuck threads do not count as busy)
     * has only its hooks left, and leaves by itself.
     */
    void heartbeat(WorkerHandle worker, int busyThreads, int connections, Turn turn) {
        if (worker.state() instanceof Expired expired && busyThreads == 0 && connections == 0) {
            fleet.put(worker, expired.noLaterThan(turn.in(AFTER_LINK_CLOSED)));
        }
    }

    void replaceMe(WorkerHandle worker, String reason, Turn turn) {
        if (worker.serving()) {
            turn.log(LogLevel.DEBUG, named(worker) + " asks to be replaced: " + reason);
            fleet.put(worker, new Serving(true));
        }
    }

    void requestTimedOut(
            WorkerHandle worker, RequestTimedOut timeout, Duration graceful, Turn turn) {
        turn.log(LogLevel.CRITICAL, "WORKER TIMEOUT (pid:" + worker.pid() + ")");
        turn.log(
                LogLevel.ERROR,
                String.format(
                        Locale.ROOT,
                        "%s was not answered within %.1f s",
                        timeout.request(),
                        timeout.seconds()));
        switch (worker.state()) {
            case Blank(), Booting(), Spare(_), Serving(_) -> {
                Duration leave = graceful.compareTo(REPORT) > 0 ? graceful : REPORT;
                fleet.put(worker, new Expired(turn.in(leave)));
            }
            case Draining(Duration killAt, _) -> fleet.put(worker, new Expired(killAt));
            case Expired _, Aborted _, Unlinked _, BootFailing _, Killed _ -> {}
        }
    }

    void bootFailed(WorkerHandle worker, String reason, Turn turn) {
        if (worker.booting() || worker.blank()) {
            fleet.put(worker, new BootFailing(turn.in(AFTER_LINK_CLOSED), reason, false));
        }
    }

    void linkClosed(WorkerHandle worker, Turn turn) {
        endBy(worker, turn.in(AFTER_LINK_CLOSED), "");
    }

    void linkBroken(WorkerHandle worker, String reason, Turn turn) {
        turn.log(LogLevel.ERROR, named(worker) + " broke the control link: " + reason);
        endBy(worker, turn.now(), reason);
    }

    /** Duty: workers that give no sign of life, and boots without end. */
    void expireSilent(Generation.Policy policy, Turn turn) {
        Duration timeout = policy.timeout();
        for (WorkerHandle worker : fleet.all()) {
            switch (worker.state()) {
                case Booting() -> {
                    Duration longest = policy.boot();
                    Duration booting = turn.now().minus(worker.spawnedAt());
                    if (!longest.isZero() && booting.compareTo(longest) > 0) {
                        String reason =
                                "not ready after " + longest.toSeconds() + " s (boot_timeout)";
                        turn.log(LogLevel.ERROR, named(worker) + " is " + reason);
                        fleet.put(worker, new BootFailing(turn.now(), reason, true));
                    }
                }
                case Spare _, Serving _, Draining _ -> {
                    if (!timeout.isZero() && worker.silence(turn.now()).compareTo(timeout) > 0) {
                        turn.log(LogLevel.CRITICAL, "WORKER TIMEOUT (pid:" + worker.pid() + ")");
                        turn.kill(worker, Signal.ABRT);
                        fleet.put(worker, new Aborted(turn.in(AFTER_ABORT)));
                    }
                }
                case Blank _, Expired _, Aborted _, Unlinked _, BootFailing _, Killed _ -> {}
            }
        }
    }

    /**
     * Duty: tells the operator which boots take long.
     *
     * @param before when this duty was last done
     */
    void mentionSlowBoots(Duration before, Turn turn) {
        for (WorkerHandle worker : fleet.all()) {
            if (worker.started() && worker.booting()) {
                Duration passed = slowBootMark(turn.now().minus(worker.spawnedAt()));
                if (passed.compareTo(slowBootMark(before.minus(worker.spawnedAt()))) > 0) {
                    turn.log(
                            LogLevel.INFO,
                            named(worker) + " is still booting after " + passed.toSeconds() + " s");
                }
            }
        }
    }

    /** The last of {@link #SLOW_BOOT}, twice it, four times it and so on that has passed; or 0. */
    private static Duration slowBootMark(Duration booting) {
        if (booting.compareTo(SLOW_BOOT) < 0) {
            return Duration.ZERO;
        }
        return SLOW_BOOT.multipliedBy(Long.highestOneBit(booting.dividedBy(SLOW_BOOT)));
    }

    /** Duty: KILL for those whose time is up. */
    void killOverdue(Turn turn) {
        for (WorkerHandle worker : fleet.all()) {
            if (worker.started()
                    && worker.state() instanceof Leaving leaving
                    && leaving.killAt().compareTo(turn.now()) <= 0) {
                if (leaving instanceof Draining) {
                    turn.log(
                            LogLevel.WARNING, "Worker graceful timeout (pid:" + worker.pid() + ")");
                }
                turn.kill(worker, Signal.KILL);
                fleet.put(worker, new Killed(turn.now(), leaving));
            }
        }
    }

    private void endBy(WorkerHandle worker, Duration killAt, String reason) {
        switch (worker.state()) {
            case Blank(), Booting() -> fleet.put(worker, new BootFailing(killAt, reason, false));
            case Spare(_), Serving(_) -> fleet.put(worker, new Unlinked(killAt));
            case Leaving leaving -> fleet.put(worker, leaving.noLaterThan(killAt));
            case Killed _ -> {}
        }
    }

    private static String named(WorkerHandle worker) {
        return "Worker (pid:" + worker.pid() + ")";
    }
}
