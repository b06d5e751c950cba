package io.jgunicorn.bench.result;

import java.util.List;
import java.util.Optional;

/**
 * What one scenario found; lists of the kinds it does not measure are empty.
 *
 * @param notes what a reader must know to read the figures right
 */
public record ScenarioResult(
        String id,
        String title,
        List<String> notes,
        List<WarmUp> warmUps,
        List<LoadTable> loads,
        List<BootRow> boots,
        List<CurveRow> curves) {
    public ScenarioResult {
        notes = List.copyOf(notes);
        warmUps = List.copyOf(warmUps);
        loads = List.copyOf(loads);
        boots = List.copyOf(boots);
        curves = List.copyOf(curves);
    }

    public Optional<LoadRow> load(String load, String contender) {
        return loads.stream()
                .filter(table -> table.id().equals(load))
                .flatMap(table -> table.rows().stream())
                .filter(row -> row.contender().equals(contender))
                .findFirst();
    }

    public Optional<BootRow> boot(BootRow.Start start, String contender) {
        return boots.stream()
                .filter(row -> row.start() == start && row.contender().equals(contender))
                .findFirst();
    }

    public Optional<CurveRow> curve(String contender) {
        return curves.stream().filter(row -> row.contender().equals(contender)).findFirst();
    }
}
