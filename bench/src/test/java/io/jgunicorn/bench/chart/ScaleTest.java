package io.jgunicorn.bench.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScaleTest {
    @Test
    void linearScaleEndsAtARoundValue() {
        Scale scale = Scale.linear(73_152, 0, 100);

        assertThat(scale.ticks()).containsExactly(0.0, 20_000.0, 40_000.0, 60_000.0, 80_000.0);
        assertThat(scale.place(80_000)).isEqualTo(100);
        assertThat(scale.place(20_000)).isEqualTo(25);
    }

    @Test
    void logarithmicScaleHasPowersOfTen() {
        Scale scale = Scale.logarithmic(0.05, 20, 0, 4);

        assertThat(scale.ticks()).hasSize(5);
        assertThat(scale.place(0.01)).isEqualTo(0);
        assertThat(scale.place(100)).isEqualTo(4);
    }

    @Test
    void valueBelowTheScaleIsDrawnAtItsEdge() {
        assertThat(Scale.logarithmic(0.1, 10, 0, 2).place(0)).isEqualTo(0);
    }

    @Test
    void nothingButZerosStillHasAScale() {
        assertThat(Scale.linear(0, 0, 100).place(0)).isEqualTo(0);
    }

    @Test
    void labelsAreShort() {
        assertThat(Scale.label(20_000)).isEqualTo("20,000");
        assertThat(Scale.label(2.5)).isEqualTo("2.5");
        assertThat(Scale.label(0.05)).isEqualTo("0.05");
        assertThat(Scale.label(100)).isEqualTo("100");
    }
}
