package io.jgunicorn.bench.report;

import io.jgunicorn.bench.figures.Figure;
import io.jgunicorn.bench.figures.Figures;
import io.jgunicorn.bench.result.BenchRun;
import io.jgunicorn.bench.result.LoadTable;
import io.jgunicorn.bench.result.ScenarioResult;
import java.util.ArrayList;
import java.util.List;

/** A run as tables for the terminal. */
public final class TextReport {
    private TextReport() {}

    /** The tables of one scenario. */
    public static String scenario(ScenarioResult scenario) {
        StringBuilder out = new StringBuilder("\n" + scenario.title() + "\n");
        for (LoadTable table : scenario.loads()) {
            out.append(table.title()).append('\n');
            out.append(table(LoadSection.HEAD, LoadSection.rows(table)));
        }
        if (!scenario.boots().isEmpty()) {
            out.append(table(BootSection.HEAD, BootSection.rows(scenario.boots())));
        }
        if (!scenario.curves().isEmpty()) {
            out.append(table(CurveSection.HEAD, CurveSection.rows(scenario.curves())));
        }
        scenario.notes().forEach(note -> out.append("note: ").append(note).append('\n'));
        return out.toString();
    }

    /** The figures with targets; empty if none was measured. */
    public static String figures(BenchRun run) {
        List<Figure> figures = Figures.of(run);
        return figures.isEmpty()
                ? ""
                : "\nFigures with targets\n"
                        + table(FigureTable.HEAD, figures.stream().map(FigureTable::row).toList());
    }

    /** Columns as wide as their widest cell; the first is flush left, the others right. */
    static String table(List<String> head, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(head);
        all.addAll(rows);
        StringBuilder out = new StringBuilder();
        for (List<String> row : all) {
            for (int column = 0; column < row.size(); column++) {
                int place = column;
                int width = all.stream().mapToInt(each -> each.get(place).length()).max().orElse(0);
                String padding = " ".repeat(width - row.get(column).length());
                String cell = row.get(column);
                out.append(column == 0 ? "  " + cell + padding : "  " + padding + cell);
            }
            out.append('\n');
        }
        return out.toString();
    }
}
