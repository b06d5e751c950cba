package io.jgunicorn.worker.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlateauTest {
    private final FakeClock clock = new FakeClock();
    private final Plateau plateau = new Plateau(clock);
    private long requests;

    /** A window of one second with so many requests. */
    private boolean window(int more) {
        return window(more, Duration.ofSeconds(1));
    }

    private boolean window(int more, Duration running) {
        requests += more;
        clock.pass(Duration.ofSeconds(1), running);
        return plateau.reached(requests);
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
    void timeTakenByOthersDoesNotCount() {
        Duration running = Duration.ofMillis(900);
        for (int rate = 1000; rate < 100_000; rate += rate / 10) {
            running = running.multipliedBy(9).dividedBy(10);
            int more = (int) (rate * running.toMillis() / 1000);
            assertThat(window(more, running)).as("%d/s", rate).isFalse();
        }
    }

    @Test
    void windowWithoutAnyProcessorTimeIsNoError() {
        assertThat(window(1, Duration.ZERO)).isFalse();
    }

    @Test
    void roundsShorterThanAWindowAreGathered() {
        for (int i = 0; i < 100; i++) {
            requests++;
            clock.pass(Duration.ofNanos(Plateau.WINDOW_NANOS / 101));
            assertThat(plateau.reached(requests)).isFalse();
        }
    }
}
