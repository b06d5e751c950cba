package io.jgunicorn.supervisor;

import io.jgunicorn.log.LogLevel;
import io.jgunicorn.os.Signal;
import java.time.Duration;
import java.util.Optional;

/**
 * The way down: tell all workers, wait for them, kill who is still there when the time is up, halt.
 * Used by the loop's thread only.
 *
 * <table>
 * <caption>Limits</caption>
 * <tr><td>a graceful stop hastened by INT or QUIT</td><td>2 s</td></tr>
 * <tr><td>wait for the kernel to end workers that were sent KILL</td><td>5 s</td></tr>
 * </table>
 */
final class Shutdown {
    static final Duration HASTENED = Duration.ofSeconds(2);
    static final Duration AFTER_KILL = Duration.ofSeconds(5);

    private final Fleet fleet;
    private final WorkerLife life;

    // begun once, perhaps hastened once
    private boolean begun;
    private boolean quick;
    private int exitCode;
    private Optional<String> reason = Optional.empty();

    Shutdown(Fleet fleet, WorkerLife life) {
        this.fleet = fleet;
        this.life = life;
    }

    boolean begun() {
        return begun;
    }

    /**
     * Begins; nothing new if it has begun.
     *
     * @param breakOff requests that run are not waited for
     * @param reason what went wrong, if something did
     */
    void begin(
            boolean breakOff, int exitCode, Optional<String> reason, Duration patience, Turn turn) {
        if (begun) {
            return;
        }
        begun = true;
        quick = breakOff;
        this.exitCode = exitCode;
        this.reason = reason;
        turn.add(new Action.CloseListeners());
        for (WorkerHandle worker : fleet.all()) {
            if (quick) {
                life.dismiss(worker, turn.in(patience), turn);
            } else {
                life.drain(worker, turn.in(patience), turn);
            }
        }
    }

    /** INT and QUIT hasten a graceful stop; a server on its way down has no use for the others. */
    void signalled(Signal signal, Turn turn) {
        if (!quick && (signal == Signal.INT || signal == Signal.QUIT)) {
            quick = true;
            turn.log(LogLevel.INFO, "Quick shutdown requested");
            fleet.all().forEach(worker -> life.dismiss(worker, turn.in(HASTENED), turn));
        }
    }

    /** Duty: the end, when no worker is left. */
    void haltWhenAllGone(Turn turn) {
        if (fleet.isEmpty() || fleet.unkillable(turn.now().minus(AFTER_KILL))) {
            LogLevel level = reason.isPresent() ? LogLevel.ERROR : LogLevel.INFO;
            turn.log(level, "Shutting down: Master");
            reason.ifPresent(text -> turn.log(level, "Reason: " + text));
            turn.add(new Action.Halt(exitCode));
        }
    }
}
