package io.jgunicorn.bench.scenario;

/**
 * How long things take.
 *
 * @param rounds of each measurement, at least 1; servers take turns in each
 * @param roundSeconds one load in one round
 * @param warmSeconds load before the first round, for servers that compile while they run
 * @param frameworkWarmSeconds the same for applications of a framework
 * @param curveSeconds a warm-up curve
 * @param firstStarts how many rounds begin without any cache, 1 to {@code rounds}
 * @param settleSeconds at most, from ready until the server is idle, when a start is measured
 */
public record Timing(
        int rounds,
        int roundSeconds,
        int warmSeconds,
        int frameworkWarmSeconds,
        int curveSeconds,
        int firstStarts,
        int settleSeconds) {
    /** Servers that do not compile are warm after this time. */
    static final int PEER_WARM_SECONDS = 4;

    public static Timing full() {
        return new Timing(5, 5, 60, 120, 120, 5, 60);
    }

    public static Timing quick() {
        return new Timing(5, 2, 10, 20, 20, 1, 2);
    }

    /** Values above 0 replace those of this timing. */
    public Timing with(int rounds, int roundSeconds, int warmSeconds, int curveSeconds) {
        int newRounds = rounds > 0 ? rounds : this.rounds;
        return new Timing(
                newRounds,
                roundSeconds > 0 ? roundSeconds : this.roundSeconds,
                warmSeconds > 0 ? warmSeconds : this.warmSeconds,
                warmSeconds > 0 ? warmSeconds : frameworkWarmSeconds,
                curveSeconds > 0 ? curveSeconds : this.curveSeconds,
                Math.min(firstStarts, newRounds),
                settleSeconds);
    }
}
