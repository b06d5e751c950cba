package io.jgunicorn.worker.warmup;

/**
 * Tells when replaying no longer helps. Time is cut into windows of whole rounds, half a second at
 * least; a window helped if it was faster, in requests per second, than the best before it by 5 %.
 * After {@link #PATIENCE} windows in a row that did not, the plateau is reached.
 *
 * <p>Whole rounds, because the requests differ: half a round says nothing. Half a second, because
 * shorter windows measure the garbage collector. More than two windows without gain, because the
 * way up has steps: code runs at interpreter speed for a second or two until the compiler, busy
 * with what it got first, has come to it, and while it compiles it takes processor time from the
 * very requests that are measured. One thread.
 */
final class Plateau {
    static final long WINDOW_NANOS = 500_000_000;

    /** Windows without gain that end the warm-up: two seconds on a machine that is not busy. */
    static final int PATIENCE = 4;

    private static final double GAIN = 1.05;

    private long windowStart;
    private long requestsBefore;
    private double best;
    private int idleWindows;

    /**
     * Begins to look.
     *
     * @param now as {@link System#nanoTime}
     */
    Plateau(long now) {
        windowStart = now;
    }

    /**
     * Called after each round.
     *
     * @param requests replayed since the beginning
     * @return true if another round is not worth its time
     */
    boolean reached(long requests, long now) {
        long nanos = now - windowStart;
        if (nanos < WINDOW_NANOS) {
            return false;
        }
        double rate = (double) (requests - requestsBefore) / nanos;
        idleWindows = rate > best * GAIN ? 0 : idleWindows + 1;
        best = Math.max(best, rate);
        windowStart = now;
        requestsBefore = requests;
        return idleWindows >= PATIENCE;
    }
}
