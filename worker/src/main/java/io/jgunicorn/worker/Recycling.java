package io.jgunicorn.worker;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Counts requests for {@code max_requests}: the limit of a worker is fixed at its start, {@code
 * max_requests} plus a random part of up to {@code max_requests_jitter}. Safe on any thread.
 */
final class Recycling {
    private final long limit;
    private final AtomicLong requests = new AtomicLong();

    Recycling(int maxRequests, int jitter, RandomGenerator random) {
        this.limit =
                maxRequests == 0 ? Long.MAX_VALUE : maxRequests + (long) random.nextInt(jitter + 1);
    }

    /** Counts a request; true for the one that reaches the limit, once. */
    boolean countReachesLimit() {
        return requests.incrementAndGet() == limit;
    }

    long requests() {
        return requests.get();
    }
}
