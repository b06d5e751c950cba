package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecyclingTest {
    private static long limit(int maxRequests, int jitter, long seed) {
        Recycling recycling = new Recycling(maxRequests, jitter, new Random(seed));
        while (!recycling.countReachesLimit()) {
            assertThat(recycling.requests()).isLessThan(1000);
        }
        return recycling.requests();
    }

    @Test
    void limitWithoutJitterIsExact() {
        assertThat(limit(50, 0, 1)).isEqualTo(50);
    }

    @Test
    void jitterAddsUpToItsValue() {
        assertThat(IntStream.range(0, 200).mapToLong(seed -> limit(50, 10, seed)))
                .contains(50L, 60L)
                .allSatisfy(limit -> assertThat(limit).isBetween(50L, 60L));
    }

    @Test
    void limitIsReachedOnce() {
        Recycling recycling = new Recycling(1, 0, new Random(1));
        assertThat(recycling.countReachesLimit()).isTrue();
        assertThat(recycling.countReachesLimit()).isFalse();
    }

    @Test
    void zeroMeansNever() {
        Recycling recycling = new Recycling(0, 10, new Random(1));
        for (int i = 0; i < 1000; i++) {
            assertThat(recycling.countReachesLimit()).isFalse();
        }
    }
}
