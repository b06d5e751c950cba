package io.jgunicorn.bench.report;

import io.jgunicorn.bench.chart.BarChart;
import io.jgunicorn.bench.chart.LineChart;
import io.jgunicorn.bench.load.Latency;
import io.jgunicorn.bench.result.LoadRow;
import io.jgunicorn.bench.result.LoadTable;
import io.jgunicorn.bench.result.Round;
import io.jgunicorn.bench.stats.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** One load on all servers: table, throughput, latencies. */
final class LoadSection {
    static final List<String> HEAD =
            List.of(
                    "server",
                    "requests/s",
                    "ratio to the first",
                    "p50 ms",
                    "p90 ms",
                    "p99 ms",
                    "p99.9 ms",
                    "failed",
                    "connections served",
                    "CPU s per 1000",
                    "RSS MB",
                    "others' CPU s");
    private static final List<String> PERCENTILES = List.of("p50", "p90", "p99", "p99.9");

    private LoadSection() {}

    static void write(LoadTable table, Html html) {
        html.heading(3, "", table.title());
        html.table(HEAD, rows(table), List.of());
        html.picture(
                "Requests per second: medians, and from the slowest to the fastest round",
                BarChart.draw(
                        table.title(),
                        "requests per second",
                        table.rows().stream()
                                .map(
                                        row ->
                                                new BarChart.Bar(
                                                        row.contender(), Spread.of(row.rates())))
                                .toList()));
        html.picture(
                "Response times: medians of the rounds",
                LineChart.drawLogarithmic(
                        table.title(), "percentile", "ms", PERCENTILES, latencies(table)));
    }

    static List<List<String>> rows(LoadTable table) {
        List<Double> first = table.rows().getFirst().rates();
        return table.rows().stream().map(row -> cells(row, table, first)).toList();
    }

    private static List<String> cells(LoadRow row, LoadTable table, List<Double> first) {
        long failed = row.errors().total();
        return List.of(
                row.contender(),
                Text.spread(Spread.of(row.rates()), "%.0f"),
                Text.spread(Spread.ofRatios(row.rates(), first), "%.2f"),
                median(row, round -> round.load().latency().p50(), "%.2f"),
                median(row, round -> round.load().latency().p90(), "%.2f"),
                Text.spread(Spread.of(row.values(r -> r.load().latency().p99())), "%.2f"),
                median(row, round -> round.load().latency().p999(), "%.2f"),
                failed == 0 ? "0" : failed + " (" + row.errors().description() + ")",
                row.served() + " of " + table.connections(),
                median(row, Round::cpuSecondsPerThousand, "%.3f"),
                median(row, Round::residentMb, "%.0f"),
                median(row, Round::otherCpuSeconds, "%.2f"));
    }

    private static String median(LoadRow row, ToDoubleFunction<Round> value, String format) {
        return Text.number(Spread.of(row.values(value)).median(), format);
    }

    private static List<LineChart.Curve> latencies(LoadTable table) {
        List<ToDoubleFunction<Latency>> percentiles =
                List.of(Latency::p50, Latency::p90, Latency::p99, Latency::p999);
        List<LineChart.Curve> curves = new ArrayList<>();
        for (LoadRow row : table.rows()) {
            List<LineChart.Point> points = new ArrayList<>();
            for (ToDoubleFunction<Latency> percentile : percentiles) {
                double median =
                        Spread.of(row.values(r -> percentile.applyAsDouble(r.load().latency())))
                                .median();
                points.add(new LineChart.Point(points.size(), median));
            }
            curves.add(new LineChart.Curve(row.contender(), curves.size(), false, points));
        }
        return curves;
    }
}
