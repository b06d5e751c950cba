package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.config.ServerConfig.Replacement;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecyclingTest {
    private int collections;

    private Optional<String> dueAfter(Recycling recycling, int seconds, long megabytes) {
        return recycling.due(
                Duration.ofSeconds(seconds), () -> megabytes << 20, () -> collections++);
    }

    private static Recycling afterRequests(int maxRequests, int jitter, long seed) {
        return new Recycling(
                new Replacement(maxRequests, jitter, Duration.ZERO, Duration.ZERO, 0, 1, 0),
                new Random(seed));
    }

    private static Recycling afterSeconds(int lifetime, int jitter, long seed) {
        return new Recycling(
                new Replacement(
                        0, 0, Duration.ofSeconds(lifetime), Duration.ofSeconds(jitter), 0, 1, 0),
                new Random(seed));
    }

    private static Recycling beyondMegabytes(long megabytes) {
        return new Recycling(
                new Replacement(0, 0, Duration.ZERO, Duration.ZERO, megabytes << 20, 1, 0),
                new Random(1));
    }

    private static long requestsOf(Recycling recycling) {
        while (!recycling.countReachesLimit()) {
            assertThat(recycling.requests()).isLessThan(1000);
        }
        return recycling.requests();
    }

    private static long lifetime(int seconds, int jitter, long seed) {
        Recycling recycling = afterSeconds(seconds, jitter, seed);
        long millis = 0;
        while (recycling.due(Duration.ofMillis(millis), () -> 0, () -> {}).isEmpty()) {
            millis += 100;
            assertThat(millis).isLessThan(100_000);
        }
        return millis;
    }

    @Test
    void limitWithoutJitterIsExact() {
        assertThat(requestsOf(afterRequests(50, 0, 1))).isEqualTo(50);
        assertThat(lifetime(50, 0, 1)).isEqualTo(50_000);
    }

    @Test
    void jitterAddsUpToItsValue() {
        assertThat(
                        IntStream.range(0, 200)
                                .mapToLong(seed -> requestsOf(afterRequests(50, 10, seed))))
                .contains(50L, 60L)
                .allSatisfy(limit -> assertThat(limit).isBetween(50L, 60L));
        assertThat(IntStream.range(0, 200).mapToLong(seed -> lifetime(50, 10, seed)))
                .allSatisfy(limit -> assertThat(limit).isBetween(50_000L, 60_000L))
                .anySatisfy(limit -> assertThat(limit).isBetween(50_000L, 51_000L))
                .anySatisfy(limit -> assertThat(limit).isBetween(59_000L, 60_000L));
    }

    @Test
    void limitsAreReachedOnce() {
        Recycling recycling = afterRequests(1, 0, 1);
        assertThat(recycling.countReachesLimit()).isTrue();
        assertThat(recycling.countReachesLimit()).isFalse();

        Recycling old = afterSeconds(7, 0, 1);
        assertThat(old.due(Duration.ofMillis(7900), () -> 0, () -> {}))
                .contains("it has served for 7 s (max_worker_lifetime)");
        assertThat(old.due(Duration.ofSeconds(8), () -> 0, () -> {})).isEmpty();
    }

    @Test
    void memoryAboveTheLimitIsTooMuchIfACollectionDoesNotHelp() {
        Recycling recycling = beyondMegabytes(500);
        assertThat(dueAfter(recycling, 40, 500)).isEmpty();
        assertThat(collections).isZero();

        assertThat(dueAfter(recycling, 41, 501)).isEmpty();
        assertThat(collections).isEqualTo(1);
        assertThat(dueAfter(recycling, 52, 501)).as("it may still be given back").isEmpty();
        assertThat(dueAfter(recycling, 53, 501)).contains("it takes 501 MB (max_worker_memory)");
        assertThat(dueAfter(recycling, 54, 502)).as("said already").isEmpty();
        assertThat(collections).isEqualTo(1);
    }

    @Test
    void memoryThatACollectionGivesBackIsFine() {
        Recycling recycling = beyondMegabytes(500);
        assertThat(dueAfter(recycling, 41, 600)).isEmpty();
        assertThat(dueAfter(recycling, 53, 400)).isEmpty();

        assertThat(dueAfter(recycling, 102, 600)).isEmpty();
        assertThat(collections).as("the first was a minute ago").isEqualTo(2);
    }

    @Test
    void workerServesForAWhileHoweverLowTheLimitIs() {
        assertThat(dueAfter(beyondMegabytes(1), 29, 500)).isEmpty();
        assertThat(collections).isZero();
    }

    @Test
    void zeroMeansNever() {
        Recycling recycling = afterRequests(0, 10, 1);
        for (int i = 0; i < 1000; i++) {
            assertThat(recycling.countReachesLimit()).isFalse();
        }
        assertThat(afterSeconds(0, 10, 1).due(Duration.ofDays(999), () -> 0, () -> {})).isEmpty();
        assertThat(dueAfter(beyondMegabytes(0), 99, 1 << 20)).isEmpty();
    }
}
