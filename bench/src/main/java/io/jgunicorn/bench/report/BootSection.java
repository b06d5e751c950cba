package io.jgunicorn.bench.report;

import io.jgunicorn.bench.chart.BarChart;
import io.jgunicorn.bench.result.BootRow;
import io.jgunicorn.bench.stats.Spread;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Starts of all servers: table and bars. */
final class BootSection {
    static final List<String> HEAD =
            List.of(
                    "server",
                    "start",
                    "ready s",
                    "CPU s until ready",
                    "idle s",
                    "CPU s until idle",
                    "RSS MB",
                    "starts");

    private BootSection() {}

    static void write(List<BootRow> boots, Html html) {
        html.table(HEAD, rows(boots), List.of());
        html.picture(
                "Seconds from the command to the first 200 answer",
                BarChart.draw(
                        "Boot to ready",
                        "seconds",
                        boots.stream()
                                .map(
                                        row ->
                                                new BarChart.Bar(
                                                        row.contender() + ", " + start(row),
                                                        spread(row, BootRow.Sample::seconds)))
                                .toList()));
    }

    static List<List<String>> rows(List<BootRow> boots) {
        return boots.stream().map(BootSection::cells).toList();
    }

    private static List<String> cells(BootRow row) {
        return List.of(
                row.contender(),
                start(row),
                Text.spread(spread(row, BootRow.Sample::seconds), "%.2f"),
                Text.spread(spread(row, BootRow.Sample::cpuSeconds), "%.2f"),
                Text.number(spread(row, BootRow.Sample::settledSeconds).median(), "%.1f"),
                Text.number(spread(row, BootRow.Sample::settledCpuSeconds).median(), "%.1f"),
                Text.number(spread(row, BootRow.Sample::residentMb).median(), "%.0f"),
                Integer.toString(row.samples().size()));
    }

    private static String start(BootRow row) {
        return row.start().name().toLowerCase(Locale.ROOT);
    }

    private static Spread spread(BootRow row, ToDoubleFunction<BootRow.Sample> value) {
        return Spread.of(row.values(value));
    }
}
