package io.jgunicorn.bench.figures;

import static io.jgunicorn.bench.Samples.boot;
import static io.jgunicorn.bench.Samples.boots;
import static io.jgunicorn.bench.Samples.curve;
import static io.jgunicorn.bench.Samples.curves;
import static io.jgunicorn.bench.Samples.loads;
import static io.jgunicorn.bench.Samples.row;
import static io.jgunicorn.bench.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.bench.Samples;
import io.jgunicorn.bench.result.BenchRun;
import io.jgunicorn.bench.result.BootRow;
import io.jgunicorn.bench.result.ScenarioResult;
import io.jgunicorn.bench.stats.Spread;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void speedIsARatioOfRoundsWithItsTarget() {
        List<Figure> figures =
                figures(
                        loads(
                                "hello",
                                table(
                                        "keep-alive-16",
                                        row("jgunicorn -w 1", 500, 300, 700),
                                        row("gunicorn gthread 2x4", 100, 100, 100))));

        Figure speed = find(figures, "requests/s, hello");
        assertThat(speed.value()).isEqualTo(new Spread(3, 5, 7, 3));
        assertThat(speed.verdict()).isEqualTo(Figure.Verdict.MET);
        Figure tail = find(figures, "p99, hello");
        assertThat(tail.value().median()).isEqualTo(0.2);
        assertThat(tail.verdict()).isEqualTo(Figure.Verdict.AIM);
    }

    @Test
    void onlyScenariosThatWereRunHaveFigures() {
        assertThat(figures()).isEmpty();
        assertThat(figures(loads("hello", table("keep-alive-16", row("uWSGI 2", 1))))).isEmpty();
    }

    @Test
    void failedRequestsAreThoseOfOursAlone() {
        List<Figure> figures =
                figures(
                        loads(
                                "overload",
                                table(
                                        "twice",
                                        row("jgunicorn -w 1", Samples.TWO_TIMEOUTS, 10, 10),
                                        row("uWSGI 2", Samples.TWO_TIMEOUTS, 10))));

        Figure failed = find(figures, "failed requests");
        assertThat(failed.value().median()).isEqualTo(4);
        assertThat(failed.verdict()).isEqualTo(Figure.Verdict.MISSED);
    }

    @Test
    void bootIsTheSecondStart() {
        List<Figure> figures =
                figures(
                        boots(
                                "boot-hello",
                                boot("jgunicorn -w 1", BootRow.Start.FIRST, 9, 9, 9),
                                boot("jgunicorn -w 1", BootRow.Start.SECOND, 2, 3, 2.4)));

        Figure second = find(figures, "second start to ready, hello");
        assertThat(second.value().median()).isEqualTo(2.4);
        assertThat(second.verdict()).isEqualTo(Figure.Verdict.MET);
    }

    @Test
    void paceAndMemoryComeFromTheCurves() {
        List<Figure> figures =
                figures(
                        curves(
                                "warmup-hello",
                                curve("gunicorn gthread 2x4", 50, 90, 100, 100, 100, 3),
                                curve("jgunicorn -w 1", 10, 50, 90, 120, 130, 140, 150, 3)));

        assertThat(find(figures, "from ready to gunicorn's steady rate, hello").value().median())
                .isEqualTo(3);
        Figure worker = find(figures, "worker RSS after 7 s of load, hello");
        assertThat(worker.value().median()).isEqualTo(300);
        assertThat(worker.verdict()).isEqualTo(Figure.Verdict.MET);
        assertThat(find(figures, "master RSS").verdict()).isEqualTo(Figure.Verdict.MET);
    }

    @Test
    void paceThatIsNeverReachedIsMissed() {
        Figure pace =
                find(
                        figures(
                                curves(
                                        "warmup-hello",
                                        curve("gunicorn gthread 2x4", 100, 100, 100, 100, 3),
                                        curve("jgunicorn -w 1", 1, 2, 3, 4))),
                        "from ready");

        assertThat(pace.verdict()).isEqualTo(Figure.Verdict.MISSED);
        assertThat(pace.unit().format(pace.value().median())).isEqualTo("not reached");
    }

    private static List<Figure> figures(ScenarioResult... scenarios) {
        BenchRun run = Samples.run(scenarios);
        return Figures.of(run);
    }

    private static Figure find(List<Figure> figures, String start) {
        return figures.stream()
                .filter(figure -> figure.name().startsWith(start))
                .findFirst()
                .orElseThrow();
    }
}
