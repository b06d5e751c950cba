package io.jgunicorn.bench.load;

import java.util.List;

/**
 * What came of a load.
 *
 * @param requests answers, of any status
 * @param seconds how long it ran
 * @param perSecond answers in each second since the moment asked for; empty if none was
 */
public record LoadResult(
        long requests, double seconds, Latency latency, Errors errors, List<Long> perSecond) {
    public LoadResult {
        perSecond = List.copyOf(perSecond);
    }

    /** Good answers per second. */
    public double requestsPerSecond() {
        return (requests - errors.status()) / seconds;
    }
}
