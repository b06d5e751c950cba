package io.jgunicorn.supervisor;

import io.jgunicorn.log.LogLevel;
import java.util.Optional;

/**
 * Two masters on the same sockets: USR2 starts another one, perhaps of a newer version, which
 * serves beside this one; whoever of the two is told to stop leaves the sockets to the other.
 * Decides only; used by the loop's thread only.
 */
final class Upgrade {
    private boolean predecessor;
    private boolean starting;
    private Optional<Long> successor = Optional.empty();

    /**
     * @param predecessor this master was itself started by another, which still runs
     */
    Upgrade(boolean predecessor) {
        this.predecessor = predecessor;
    }

    /** USR2; the words are gunicorn's. */
    void asked(Turn turn) {
        if (starting || successor.isPresent()) {
            turn.log(LogLevel.WARNING, "USR2 signal ignored. Child exists.");
        } else if (predecessor) {
            turn.log(LogLevel.WARNING, "USR2 signal ignored. Parent exists.");
        } else {
            starting = true;
            turn.add(new Action.StartSuccessor());
        }
    }

    /** The other master that serves beside this one because of USR2. */
    Optional<Long> successor() {
        return successor;
    }

    void started(long pid) {
        starting = false;
        successor = Optional.of(pid);
    }

    /** It could not be started. */
    void failed(String reason, Turn turn) {
        starting = false;
        turn.log(LogLevel.ERROR, "No new master can be started: " + reason);
    }

    /**
     * The other master has ended.
     *
     * @param stopping this one is on its way down itself
     */
    void ended(long pid, int status, boolean stopping, Turn turn) {
        successor = Optional.empty();
        turn.add(new Action.TakeBack());
        turn.log(
                LogLevel.WARNING,
                "The new master (pid:%d) ended with status %d, %s"
                        .formatted(pid, status, stopping ? "too" : "this one goes on"));
    }

    void predecessorGone(Turn turn) {
        if (predecessor) {
            predecessor = false;
            turn.log(LogLevel.INFO, "Master has been promoted.");
            turn.add(new Action.Promote());
        }
    }
}
