package io.jgunicorn.bench.chart;

import java.util.Locale;

/** Writes SVG elements. Coordinates are pixels from the upper left corner. */
final class Svg {
    private final StringBuilder out = new StringBuilder();

    /**
     * Begins a picture.
     *
     * @param title what a screen reader says
     */
    Svg(double width, double height, String title) {
        out.append(
                String.format(
                        Locale.ROOT,
                        "<svg viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" role=\"img\""
                                + " aria-label=\"%s\">",
                        width,
                        height,
                        width,
                        height,
                        escape(title)));
    }

    /**
     * Text.
     *
     * @param anchor start, middle or end
     */
    Svg text(double x, double y, String anchor, String text) {
        out.append(
                String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                        x,
                        y,
                        anchor,
                        escape(text)));
        return this;
    }

    /**
     * A straight line.
     *
     * @param kind a class of the style sheet: grid, axis, whisker
     */
    Svg line(double x1, double y1, double x2, double y2, String kind) {
        out.append(
                String.format(
                        Locale.ROOT,
                        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>",
                        x1,
                        y1,
                        x2,
                        y2,
                        kind));
        return this;
    }

    Svg bar(double x, double y, double width, double height, String color) {
        out.append(
                String.format(
                        Locale.ROOT,
                        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\""
                                + " fill=\"%s\"/>",
                        x,
                        y,
                        Math.max(0, width),
                        height,
                        color));
        return this;
    }

    /**
     * A line through points.
     *
     * @param points {@code x,y x,y ...}
     * @param faint thin and pale
     */
    Svg path(String points, String color, boolean faint) {
        out.append(
                String.format(
                        Locale.ROOT,
                        "<polyline points=\"%s\" stroke=\"%s\" class=\"%s\"/>",
                        points,
                        color,
                        faint ? "faint" : "curve"));
        return this;
    }

    /** Ends the picture. */
    String end() {
        return out.append("</svg>").toString();
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
