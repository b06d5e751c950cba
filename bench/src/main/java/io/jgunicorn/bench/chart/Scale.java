package io.jgunicorn.bench.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Maps values to pixels, and names round values on the way. Values below the smallest are drawn at
 * its place.
 */
final class Scale {
    private final boolean logarithmic;
    private final double low;
    private final double high;
    private final double from;
    private final double to;

    private Scale(boolean logarithmic, double low, double high, double from, double to) {
        this.logarithmic = logarithmic;
        this.low = low;
        this.high = high;
        this.from = from;
        this.to = to;
    }

    /** From 0 to a round value at or above {@code most}. */
    static Scale linear(double most, double from, double to) {
        double step = step(most);
        double high = step * Math.max(1, Math.ceil(most / step - 1e-9));
        return new Scale(false, 0, high, from, to);
    }

    /** From a power of ten to one; values are above 0. */
    static Scale logarithmic(double least, double most, double from, double to) {
        double low = Math.pow(10, Math.floor(Math.log10(least)));
        double high = Math.pow(10, Math.ceil(Math.log10(most)));
        return new Scale(true, low, high > low ? high : low * 10, from, to);
    }

    double place(double value) {
        double share =
                logarithmic
                        ? Math.log10(Math.max(value, low) / low) / Math.log10(high / low)
                        : value / high;
        return from + share * (to - from);
    }

    /** Round values within the scale, ascending. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (logarithmic) {
            for (double tick = low; tick < high * 1.5; tick *= 10) {
                ticks.add(tick);
            }
        } else {
            double step = step(high);
            for (int i = 0; i * step <= high * (1 + 1e-9); i++) {
                ticks.add(i * step);
            }
        }
        return ticks;
    }

    /** A fifth of the value or so, rounded to 1, 2 or 5 times a power of ten. */
    private static double step(double most) {
        double raw = (most > 0 ? most : 1) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double lead = raw / power;
        double nice = lead > 5 ? 10 : lead > 2 ? 5 : lead > 1 ? 2 : 1;
        return nice * power;
    }

    /** A number as short as it can be read. */
    static String label(double value) {
        if (value >= 1000) {
            return String.format(Locale.ROOT, "%,d", Math.round(value));
        }
        String text = String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.3f", value);
        return text.replaceAll("0+$", "").replaceAll("[.]$", "");
    }
}
