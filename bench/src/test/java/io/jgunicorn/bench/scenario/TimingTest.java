package io.jgunicorn.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimingTest {
    @Test
    void zeroKeepsWhatWasThere() {
        assertThat(Timing.full().with(0, 0, 0, 0)).isEqualTo(Timing.full());
    }

    @Test
    void fewerRoundsMeanFewerFirstStarts() {
        assertThat(Timing.full().with(2, 0, 0, 0).firstStarts()).isEqualTo(2);
    }

    @Test
    void warmUpGivenCountsForFrameworksToo() {
        Timing timing = Timing.full().with(0, 0, 9, 0);

        assertThat(timing.warmSeconds()).isEqualTo(9);
        assertThat(timing.frameworkWarmSeconds()).isEqualTo(9);
    }
}
