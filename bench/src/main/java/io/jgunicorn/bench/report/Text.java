package io.jgunicorn.bench.report;

import io.jgunicorn.bench.figures.Unit;
import io.jgunicorn.bench.stats.Spread;
import java.util.Locale;

/** How numbers are written in tables. */
final class Text {
    private Text() {}

    /** The median with the smallest and the largest: {@code 12.3 (11.9..14.0)}. */
    static String spread(Spread spread, String format) {
        return String.format(
                Locale.ROOT,
                format + " (" + format + ".." + format + ")",
                spread.median(),
                spread.min(),
                spread.max());
    }

    static String spread(Spread spread, Unit unit) {
        String median = unit.format(spread.median());
        return spread.count() == 1
                ? median
                : median
                        + " ("
                        + unit.format(spread.min())
                        + ".."
                        + unit.format(spread.max())
                        + ")";
    }

    static String number(double value, String format) {
        return String.format(Locale.ROOT, format, value);
    }
}
