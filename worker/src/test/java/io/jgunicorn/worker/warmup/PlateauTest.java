package io.jgunicorn.worker.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlateauTest {
    private static final long SECOND = 1_000_000_000;

    private final Plateau plateau = new Plateau(7 * SECOND);
    private long now = 7 * SECOND;
    private long requests;

    /** A window of one second with so many requests. */
    private boolean window(int more) {
        requests += more;
        now += SECOND;
        return plateau.reached(requests, now);
    }

    @Test
    void risingRateIsNoPlateau() {
        for (int rate = 100; rate < 10_000; rate += rate / 10) {
            assertThat(window(rate)).isFalse();
        }
    }

    @Test
    void plateauIsReachedWhenNoWindowBeatsTheBestForLong() {
        assertThat(window(100)).isFalse();
        for (int i = 1; i < Plateau.PATIENCE; i++) {
            assertThat(window(104)).as("window %d", i).isFalse();
        }
        assertThat(window(90)).isTrue();
    }

    @Test
    void stepAfterAFlatStretchBeginsAnew() {
        boolean _ = window(100);
        for (int i = 1; i < Plateau.PATIENCE; i++) {
            assertThat(window(100)).isFalse();
        }
        assertThat(window(200)).isFalse();
        for (int i = 1; i < Plateau.PATIENCE; i++) {
            assertThat(window(150)).isFalse();
        }
        assertThat(window(150)).isTrue();
    }

    @Test
    void roundsShorterThanAWindowAreGathered() {
        for (int i = 0; i < 100; i++) {
            requests++;
            now += Plateau.WINDOW_NANOS / 101;
            assertThat(plateau.reached(requests, now)).isFalse();
        }
    }
}
