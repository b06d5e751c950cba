package io.jgunicorn.supervisor;

import java.time.Duration;

/**
 * Where a worker is in its life, seen from the master: perhaps Blank, then Booting, then Spare,
 * then Serving, then one of the ways to leave, then Killed if need be. Times are since the start of
 * the master.
 */
sealed interface WorkerState {

    /** Prepares, then waits for the order to load the application. */
    record Blank() implements WorkerState {}

    /** Loads the application. */
    record Booting() implements WorkerState {}

    /**
     * Could serve, and waits for a place.
     *
     * @param since when it became ready
     */
    record Spare(Duration since) implements WorkerState {}

    /**
     * Accepts connections.
     *
     * @param asksOut has asked to be replaced (a limit is reached, files have changed)
     */
    record Serving(boolean asksOut) implements WorkerState {}

    /** On its way out; killed when the time comes and it is still there. */
    sealed interface Leaving extends WorkerState {
        Duration killAt();

        /** The same, but killed at the given time if that is earlier. */
        default Leaving noLaterThan(Duration latest) {
            Duration at = latest.compareTo(killAt()) < 0 ? latest : killAt();
            return switch (this) {
                case Draining(_, boolean recycled) -> new Draining(at, recycled);
                case Expired(_) -> new Expired(at);
                case Aborted(_) -> new Aborted(at);
                case Unlinked(_) -> new Unlinked(at);
                case BootFailing(_, String reason, boolean overdue) ->
                        new BootFailing(at, reason, overdue);
            };
        }
    }

    /**
     * Told to leave.
     *
     * @param recycled leaves because it had asked to be replaced
     */
    record Draining(Duration killAt, boolean recycled) implements Leaving {}

    /** A request missed its deadline; the worker has stopped accepting and finishes the others. */
    record Expired(Duration killAt) implements Leaving {}

    /** Gave no sign of life for too long and has been sent ABRT. */
    record Aborted(Duration killAt) implements Leaving {}

    /** Served, and then its control link closed. */
    record Unlinked(Duration killAt) implements Leaving {}

    /**
     * Could not boot.
     *
     * @param reason empty when only its exit status will tell
     * @param overdue took longer than {@code boot_timeout}
     */
    record BootFailing(Duration killAt, String reason, boolean overdue) implements Leaving {}

    /**
     * Has been sent KILL; only the kernel is to be waited for.
     *
     * @param before what it was until then
     */
    record Killed(Duration at, Leaving before) implements WorkerState {}
}
