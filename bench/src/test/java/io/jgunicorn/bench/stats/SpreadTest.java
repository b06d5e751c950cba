package io.jgunicorn.bench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void oddCountHasAMiddleSample() {
        assertThat(Spread.of(List.of(5.0, 1.0, 2.0))).isEqualTo(new Spread(1, 2, 5, 3));
    }

    @Test
    void evenCountHasAMiddleBetweenTwoSamples() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0)).median()).isEqualTo(2.5);
    }

    @Test
    void ratiosPairTheSamplesOfOneRound() {
        Spread ratios = Spread.ofRatios(List.of(10.0, 40.0, 90.0), List.of(10.0, 20.0, 30.0));

        assertThat(ratios).isEqualTo(new Spread(1, 2, 3, 3));
    }

    @Test
    void surplusSamplesHaveNoPair() {
        assertThat(Spread.ofRatios(List.of(4.0, 100.0), List.of(2.0)).max()).isEqualTo(2);
    }

    @Test
    void percentilesLieBetweenNeighbours() {
        List<Double> sorted = List.of(0.0, 10.0, 20.0, 30.0, 40.0);

        assertThat(Spread.percentile(sorted, 0)).isEqualTo(0);
        assertThat(Spread.percentile(sorted, 90)).isEqualTo(36);
        assertThat(Spread.percentile(sorted, 100)).isEqualTo(40);
    }

    @Test
    void neverReachedStaysInfinite() {
        Spread spread = Spread.of(List.of(3.0, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY));

        assertThat(spread.median()).isInfinite();
        assertThat(spread.min()).isEqualTo(3);
    }

    @Test
    void noSamplesHaveNoSpread() {
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
