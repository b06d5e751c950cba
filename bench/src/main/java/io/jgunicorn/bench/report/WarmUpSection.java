package io.jgunicorn.bench.report;

import io.jgunicorn.bench.chart.LineChart;
import io.jgunicorn.bench.load.LoadResult;
import io.jgunicorn.bench.result.WarmUp;
import java.util.ArrayList;
import java.util.List;

/** The load before the first round: what it took, and how the rate rose. */
final class WarmUpSection {
    private static final List<String> HEAD =
            List.of(
                    "server",
                    "ready s",
                    "CPU s until ready",
                    "load s",
                    "requests",
                    "failed",
                    "first second",
                    "last second");

    private WarmUpSection() {}

    static void write(List<WarmUp> warmUps, Html html) {
        html.heading(3, "", "Warm-up before the first round");
        html.table(HEAD, warmUps.stream().map(WarmUpSection::cells).toList(), List.of());
        List<LineChart.Curve> curves = new ArrayList<>();
        for (WarmUp warmUp : warmUps) {
            List<LineChart.Point> points = new ArrayList<>();
            for (long count : whole(warmUp.load())) {
                points.add(new LineChart.Point(points.size() + 0.5, count));
            }
            curves.add(new LineChart.Curve(warmUp.contender(), curves.size(), false, points));
        }
        html.picture(
                "Requests in each second of the warm-up",
                LineChart.draw("Warm-up", "seconds", "requests/s", curves));
    }

    private static List<String> cells(WarmUp warmUp) {
        LoadResult load = warmUp.load();
        List<Long> counts = whole(load);
        return List.of(
                warmUp.contender(),
                Text.number(warmUp.readySeconds(), "%.2f"),
                Text.number(warmUp.readyCpuSeconds(), "%.2f"),
                Text.number(load.seconds(), "%.0f"),
                Long.toString(load.requests()),
                Long.toString(load.errors().total()),
                counts.isEmpty() ? "-" : counts.getFirst().toString(),
                counts.isEmpty() ? "-" : counts.getLast().toString());
    }

    /** Without the last second, which is cut short. */
    private static List<Long> whole(LoadResult load) {
        List<Long> all = load.perSecond();
        return all.isEmpty() ? all : all.subList(0, all.size() - 1);
    }
}
