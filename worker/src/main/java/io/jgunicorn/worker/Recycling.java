package io.jgunicorn.worker;

import io.jgunicorn.config.ServerConfig.Replacement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Whether this worker has served long enough: {@code max_requests}, {@code max_worker_lifetime},
 * {@code max_worker_memory}. The random parts of its limits are fixed at its start. Used on the
 * control loop, but for {@link #countReachesLimit} and {@link #requests}: any thread.
 */
final class Recycling {
    /** A worker serves at least so long, however low the limit of its memory is. */
    static final Duration MEMORY_GRACE = Duration.ofSeconds(30);

    /** Until memory that was collected is the system's again: the JVM looks every 10 s. */
    static final Duration TO_GIVE_BACK = Duration.ofSeconds(12);

    /** A collection this long ago does not say that the memory is really needed. */
    static final Duration LATELY = Duration.ofMinutes(1);

    private final long requestLimit;
    private final Duration lifetime;
    private final AtomicLong requests = new AtomicLong();

    /** Zero: no limit. */
    private final long residentLimit;

    /** When the heap was last collected because of the limit, since the worker serves. */
    private Optional<Duration> collectedAt = Optional.empty();

    private boolean asked;

    Recycling(Replacement limits, RandomGenerator random) {
        requestLimit =
                limits.maxRequests() == 0
                        ? Long.MAX_VALUE
                        : limits.maxRequests()
                                + (long) random.nextInt(limits.maxRequestsJitter() + 1);
        lifetime =
                limits.maxLifetime().isZero()
                        ? Duration.ZERO
                        : limits.maxLifetime()
                                .plusMillis(
                                        random.nextLong(limits.maxLifetimeJitter().toMillis() + 1));
        residentLimit = limits.maxResidentBytes();
    }

    /** Counts a request; true for the one that reaches the limit, once. */
    boolean countReachesLimit() {
        return requests.incrementAndGet() == requestLimit;
    }

    long requests() {
        return requests.get();
    }

    /**
     * Why this worker should be replaced now, once. A worker that takes too much memory first gets
     * a chance to give back what its heap no longer needs.
     *
     * @param served how long it has taken connections
     * @param resident {@link io.jgunicorn.os.ResidentMemory#ofThis}
     * @param collect starts a collection of the heap
     */
    Optional<String> due(Duration served, LongSupplier resident, Runnable collect) {
        if (asked) {
            return Optional.empty();
        }
        Optional<String> reason = tooOld(served).or(() -> tooLarge(served, resident, collect));
        asked = reason.isPresent();
        return reason;
    }

    private Optional<String> tooOld(Duration served) {
        if (lifetime.isZero() || served.compareTo(lifetime) < 0) {
            return Optional.empty();
        }
        return Optional.of("it has served for " + served.toSeconds() + " s (max_worker_lifetime)");
    }

    private Optional<String> tooLarge(Duration served, LongSupplier resident, Runnable collect) {
        if (residentLimit == 0 || served.compareTo(MEMORY_GRACE) < 0) {
            return Optional.empty();
        }
        long bytes = resident.getAsLong();
        if (bytes <= residentLimit) {
            return Optional.empty();
        }
        if (collectedAt.isEmpty() || served.minus(collectedAt.get()).compareTo(LATELY) > 0) {
            collectedAt = Optional.of(served);
            collect.run();
            return Optional.empty();
        }
        if (served.minus(collectedAt.get()).compareTo(TO_GIVE_BACK) < 0) {
            return Optional.empty();
        }
        return Optional.of("it takes " + (bytes >> 20) + " MB (max_worker_memory)");
    }
}
