package io.jgunicorn.bench.report;

import io.jgunicorn.bench.chart.LineChart;
import io.jgunicorn.bench.result.CurveRow;
import io.jgunicorn.bench.stats.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Rate and memory over time: table and plots. */
final class CurveSection {
    static final List<String> HEAD =
            List.of(
                    "server",
                    "ready s",
                    "first second",
                    "last second",
                    "steady requests/s",
                    "failed",
                    "CPU s in all",
                    "master RSS MB",
                    "worker RSS MB",
                    "all RSS MB");

    private CurveSection() {}

    static void write(List<CurveRow> curves, Html html) {
        html.table(HEAD, rows(curves), List.of());
        html.picture(
                "Requests in each second since ready: medians, and each round in pale",
                LineChart.draw("Warm-up", "seconds since ready", "requests/s", rates(curves)));
        html.picture(
                "Resident memory of all processes since ready, each round",
                LineChart.draw("Memory", "seconds since ready", "MB", memory(curves)));
    }

    static List<List<String>> rows(List<CurveRow> curves) {
        return curves.stream()
                .filter(row -> !row.runs().isEmpty())
                .map(CurveSection::cells)
                .toList();
    }

    private static List<String> cells(CurveRow row) {
        List<Double> rates = row.medianRates();
        long failed = row.runs().stream().mapToLong(run -> run.load().errors().total()).sum();
        return List.of(
                row.contender(),
                Text.spread(spread(row, CurveRow.Run::readySeconds), "%.2f"),
                rates.isEmpty() ? "-" : Text.number(rates.getFirst(), "%.0f"),
                rates.isEmpty() ? "-" : Text.number(rates.getLast(), "%.0f"),
                Text.spread(spread(row, CurveRow.Run::steadyRate), "%.0f"),
                Long.toString(failed),
                Text.number(spread(row, CurveRow.Run::cpuSeconds).median(), "%.1f"),
                Text.number(spread(row, run -> run.lastMemory().master()).median(), "%.0f"),
                Text.spread(spread(row, run -> run.lastMemory().worker()), "%.0f"),
                Text.number(spread(row, run -> run.lastMemory().total()).median(), "%.0f"));
    }

    private static List<LineChart.Curve> rates(List<CurveRow> rows) {
        List<LineChart.Curve> curves = new ArrayList<>();
        for (int place = 0; place < rows.size(); place++) {
            CurveRow row = rows.get(place);
            for (CurveRow.Run run : row.runs()) {
                List<Double> rates = run.rates().stream().map(Long::doubleValue).toList();
                curves.add(new LineChart.Curve("", place, true, perSecond(rates)));
            }
            curves.add(
                    new LineChart.Curve(
                            row.contender(), place, false, perSecond(row.medianRates())));
        }
        return curves;
    }

    private static List<LineChart.Curve> memory(List<CurveRow> rows) {
        List<LineChart.Curve> curves = new ArrayList<>();
        for (int place = 0; place < rows.size(); place++) {
            boolean faint = false;
            for (CurveRow.Run run : rows.get(place).runs()) {
                List<LineChart.Point> points =
                        run.memory().stream()
                                .map(
                                        point ->
                                                new LineChart.Point(
                                                        point.second(), point.memory().total()))
                                .toList();
                curves.add(new LineChart.Curve(rows.get(place).contender(), place, faint, points));
                faint = true;
            }
        }
        return curves;
    }

    /** A value of a second is drawn in its middle. */
    private static List<LineChart.Point> perSecond(List<Double> values) {
        List<LineChart.Point> points = new ArrayList<>();
        for (double value : values) {
            points.add(new LineChart.Point(points.size() + 0.5, value));
        }
        return points;
    }

    private static Spread spread(CurveRow row, ToDoubleFunction<CurveRow.Run> value) {
        return Spread.of(row.runs().stream().mapToDouble(value));
    }
}
