package io.jgunicorn.bench.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.bench.load.Errors;
import io.jgunicorn.bench.load.Latency;
import io.jgunicorn.bench.load.LoadResult;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurveRowTest {
    @Test
    void rateIsReachedWhenTheNextSecondHoldsIt() {
        CurveRow.Run run = run(100, 900, 200, 800, 900, 1000, 5);

        assertThat(run.secondsUntil(700)).isEqualTo(3);
        assertThat(run.secondsUntil(50)).isEqualTo(0);
    }

    @Test
    void rateThatIsNeverHeldIsNeverReached() {
        assertThat(run(100, 900, 200, 900, 5).secondsUntil(700)).isInfinite();
    }

    @Test
    void lastSecondIsCutShortAndDoesNotCount() {
        assertThat(run(100, 900, 5).rates()).containsExactly(100L, 900L);
    }

    @Test
    void steadyRateLeavesTheStartOut() {
        assertThat(run(1, 2, 100, 300, 200, 7).steadyRate()).isEqualTo(200);
    }

    @Test
    void mediansAreThoseOfEachSecond() {
        CurveRow row = new CurveRow("x", List.of(run(1, 10, 0), run(3, 30, 0), run(2, 20, 99, 0)));

        assertThat(row.medianRates()).containsExactly(2.0, 20.0);
    }

    private static CurveRow.Run run(long... perSecond) {
        List<Long> counts = Arrays.stream(perSecond).boxed().toList();
        LoadResult load = new LoadResult(1, 1, new Latency(1, 1, 1, 1, 1), Errors.NONE, counts);
        return new CurveRow.Run(1, 1, load, List.of());
    }
}
