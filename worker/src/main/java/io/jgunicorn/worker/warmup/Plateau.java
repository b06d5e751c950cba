package io.jgunicorn.worker.warmup;

/**
 * Tells when replaying no longer helps. Time is cut into windows of whole rounds, half a second at
 * least; a window helped if its requests cost less than those of the best window before it: 5 %
 * more of them per second of processor time. After {@link #PATIENCE} windows in a row that did not,
 * the plateau is reached.
 *
 * <p>Whole rounds, because the requests differ: half a round says nothing. Processor time of the
 * replaying thread, because on a busy machine (the other workers boot, the compiler works, clients
 * are served) the wall clock measures the others: there the rate falls to a tenth for seconds on
 * end, while the cost of a request goes on falling. Four windows, because it falls in steps, as the
 * compiler comes to one function after the other: a Flask application on a busy machine had two
 * windows in a row without gain five times on its way up. One thread.
 */
final class Plateau {
    static final long WINDOW_NANOS = 500_000_000;

    /** Windows in a row without gain that end the warm-up. */
    static final int PATIENCE = 4;

    private static final double GAIN = 1.05;

    private final ReplayClock clock;
    private long windowStart;
    private long cpuBefore;
    private long requestsBefore;
    private double best;
    private int idleWindows;

    /** Begins to look, on the thread that replays. */
    Plateau(ReplayClock clock) {
        this.clock = clock;
        windowStart = clock.nanoTime();
        cpuBefore = clock.cpuNanos();
    }

    /**
     * Called after each round.
     *
     * @param requests replayed since the beginning
     * @return true if another round is not worth its time
     */
    boolean reached(long requests) {
        long now = clock.nanoTime();
        if (now - windowStart < WINDOW_NANOS) {
            return false;
        }
        long cpu = clock.cpuNanos();
        double rate = (double) (requests - requestsBefore) / Math.max(1, cpu - cpuBefore);
        idleWindows = rate > best * GAIN ? 0 : idleWindows + 1;
        best = Math.max(best, rate);
        windowStart = now;
        cpuBefore = cpu;
        requestsBefore = requests;
        return idleWindows >= PATIENCE;
    }
}
