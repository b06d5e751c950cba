package io.jgunicorn.bench.chart;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Curves over a common axis, with a legend below. */
public final class LineChart {
    private static final double WIDTH = 760;
    private static final double LEFT = 70;
    private static final double RIGHT = 20;
    private static final double TOP = 24;
    private static final double FLOOR = 260;
    private static final double LEGEND = FLOOR + 48;
    private static final double LEGEND_ROW = 18;

    private final Scale x;
    private final Scale y;

    private LineChart(Scale x, Scale y) {
        this.x = x;
        this.y = y;
    }

    /** A point of a curve. */
    public record Point(double x, double y) {}

    /**
     * One curve.
     *
     * @param place among the colours; curves of one thing have one place
     * @param faint thin and pale, and not in the legend
     */
    public record Curve(String name, int place, boolean faint, List<Point> points) {
        public Curve {
            points = List.copyOf(points);
        }
    }

    /** Draws curves over linear axes that start at 0. */
    public static String draw(String title, String xUnit, String yUnit, List<Curve> curves) {
        Scale x = Scale.linear(values(curves, true).max().orElse(1), LEFT, WIDTH - RIGHT);
        Scale y = Scale.linear(values(curves, false).max().orElse(1), FLOOR, TOP);
        List<String> labels = x.ticks().stream().map(Scale::label).toList();
        return new LineChart(x, y).draw(title, xUnit, yUnit, x.ticks(), labels, curves);
    }

    /**
     * Draws curves over named places, 0 to n-1, and a logarithmic axis.
     *
     * @param names of the places, at least two
     */
    public static String drawLogarithmic(
            String title, String xUnit, String yUnit, List<String> names, List<Curve> curves) {
        double least = values(curves, false).filter(value -> value > 0).min().orElse(1);
        double most = Math.max(least, values(curves, false).max().orElse(1));
        Scale x = Scale.linear(names.size() - 1, LEFT + 30, WIDTH - RIGHT - 60);
        Scale y = Scale.logarithmic(least, most, FLOOR, TOP);
        List<Double> places =
                IntStream.range(0, names.size()).mapToObj(place -> (double) place).toList();
        return new LineChart(x, y).draw(title, xUnit, yUnit, places, names, curves);
    }

    private String draw(
            String title,
            String xUnit,
            String yUnit,
            List<Double> ticks,
            List<String> labels,
            List<Curve> curves) {
        List<Curve> named = curves.stream().filter(curve -> !curve.faint()).toList();
        Svg svg = new Svg(WIDTH, LEGEND + LEGEND_ROW * named.size(), title);
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.place(tick), WIDTH - RIGHT, y.place(tick), "grid");
            svg.text(LEFT - 6, y.place(tick) + 4, "end", Scale.label(tick));
        }
        for (int i = 0; i < labels.size(); i++) {
            double place = x.place(ticks.get(i));
            svg.line(place, FLOOR, place, FLOOR + 4, "axis");
            svg.text(place, FLOOR + 16, "middle", labels.get(i));
        }
        svg.line(LEFT, FLOOR, WIDTH - RIGHT, FLOOR, "axis");
        svg.text((LEFT + WIDTH - RIGHT) / 2, FLOOR + 34, "middle", xUnit);
        svg.text(LEFT, TOP - 10, "middle", yUnit);
        for (Curve curve : curves) {
            svg.path(points(curve), Palette.color(curve.place()), curve.faint());
        }
        for (int i = 0; i < named.size(); i++) {
            double line = LEGEND + LEGEND_ROW * i;
            svg.bar(LEFT, line, 18, 4, Palette.color(named.get(i).place()));
            svg.text(LEFT + 26, line + 6, "start", named.get(i).name());
        }
        return svg.end();
    }

    private String points(Curve curve) {
        return curve.points().stream()
                .map(
                        point ->
                                String.format(
                                        Locale.ROOT,
                                        "%.1f,%.1f",
                                        x.place(point.x()),
                                        y.place(point.y())))
                .collect(Collectors.joining(" "));
    }

    private static DoubleStream values(List<Curve> curves, boolean horizontal) {
        return curves.stream()
                .flatMap(curve -> curve.points().stream())
                .mapToDouble(point -> horizontal ? point.x() : point.y());
    }
}
