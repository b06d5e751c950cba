package io.jgunicorn.bench.chart;

import java.util.List;

/** Colours that are told apart by most eyes, in print too (Okabe and Ito). */
final class Palette {
    private static final List<String> COLORS =
            List.of(
                    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#666666",
                    "#000000");

    private Palette() {}

    static String color(int place) {
        return COLORS.get(place % COLORS.size());
    }
}
