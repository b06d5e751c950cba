package io.jgunicorn.bench.chart;

import io.jgunicorn.bench.stats.Spread;
import java.util.List;

/** Horizontal bars of medians, each with a whisker from the smallest to the largest sample. */
public final class BarChart {
    private static final double WIDTH = 760;
    private static final double LEFT = 250;
    private static final double RIGHT = 80;
    private static final double ROW = 24;
    private static final double TOP = 8;
    private static final double BOTTOM = 36;

    private BarChart() {}

    /** One bar. */
    public record Bar(String name, Spread value) {}

    /**
     * Draws bars from top to bottom.
     *
     * @param unit what the axis counts
     */
    public static String draw(String title, String unit, List<Bar> bars) {
        double height = TOP + ROW * bars.size() + BOTTOM;
        double most = bars.stream().mapToDouble(bar -> bar.value().max()).max().orElse(1);
        Scale scale = Scale.linear(most, LEFT, WIDTH - RIGHT);
        Svg svg = new Svg(WIDTH, height, title);
        double floor = TOP + ROW * bars.size();
        for (double tick : scale.ticks()) {
            svg.line(scale.place(tick), TOP, scale.place(tick), floor, "grid");
            svg.text(scale.place(tick), floor + 14, "middle", Scale.label(tick));
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2, floor + 30, "middle", unit);
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double y = TOP + ROW * i;
            double end = scale.place(bar.value().median());
            svg.text(LEFT - 8, y + ROW / 2 + 4, "end", bar.name());
            svg.bar(LEFT, y + 4, end - LEFT, ROW - 8, Palette.color(i));
            svg.line(
                    scale.place(bar.value().min()),
                    y + ROW / 2,
                    scale.place(bar.value().max()),
                    y + ROW / 2,
                    "whisker");
            svg.text(
                    scale.place(bar.value().max()) + 6,
                    y + ROW / 2 + 4,
                    "start",
                    Scale.label(round(bar.value().median())));
        }
        return svg.end();
    }

    /** Three digits. */
    private static double round(double value) {
        if (value <= 0) {
            return value;
        }
        double unit = Math.pow(10, Math.floor(Math.log10(value)) - 2);
        return Math.round(value / unit) * unit;
    }
}
