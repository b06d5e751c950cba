package io.jgunicorn.bench.proc;

import java.time.Duration;
import java.util.List;

/**
 * Waits until servers have stopped working on the side (compiling, collecting garbage), so that one
 * does not run on the other's bill. There is no event for this: it polls.
 */
public final class CpuQuiet {
    private static final Duration STEP = Duration.ofMillis(250);

    /** Less than this share of one processor counts as quiet. */
    private static final double SHARE = 0.05;

    private CpuQuiet() {}

    /**
     * Waits for processes to be idle.
     *
     * @param steps how many quarter seconds in a row must be quiet
     * @return true if quiet was reached within the limit
     */
    public static boolean await(List<ProcessTree> trees, int steps, Duration limit)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        int quiet = 0;
        double before = cpuSeconds(trees);
        while (System.nanoTime() < deadline) {
            Thread.sleep(STEP);
            double now = cpuSeconds(trees);
            // One clock tick more than the share: ticks are a hundredth of a second.
            quiet = now - before <= SHARE * STEP.toMillis() / 1000 + 0.01 ? quiet + 1 : 0;
            if (quiet >= steps) {
                return true;
            }
            before = now;
        }
        return false;
    }

    private static double cpuSeconds(List<ProcessTree> trees) {
        return trees.stream().mapToDouble(ProcessTree::cpuSeconds).sum();
    }
}
