package io.jgunicorn.bench.report;

import io.jgunicorn.bench.figures.Figure;
import io.jgunicorn.bench.figures.Target;
import java.util.List;
import java.util.Locale;

/** The figures with their targets as rows of text. */
final class FigureTable {
    static final List<String> HEAD =
            List.of("figure", "median (min..max)", "at least", "aim", "reached");

    private FigureTable() {}

    static List<String> row(Figure figure) {
        Target target = figure.target();
        String sign = target.direction() == Target.Direction.HIGHER ? "≥ " : "≤ ";
        return List.of(
                figure.name(),
                Text.spread(figure.value(), figure.unit()),
                sign + figure.unit().format(target.atLeast()),
                sign + figure.unit().format(target.aim()),
                figure.verdict().text());
    }

    /** A class of the style sheet. */
    static String kind(Figure figure) {
        return figure.verdict().name().toLowerCase(Locale.ROOT);
    }
}
