package io.jgunicorn.bench.cli;

import io.jgunicorn.bench.scenario.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds scenarios by the names given on the command line. */
final class Selection {
    private final List<Scenario> usual;
    private final List<Scenario> all;

    /**
     * Chooses among scenarios.
     *
     * @param preferred replace those of the same name, and are what is run without names; may be
     *     empty
     */
    Selection(List<Scenario> preferred, List<Scenario> full) {
        this.all = new ArrayList<>(preferred);
        for (Scenario scenario : full) {
            if (preferred.stream().noneMatch(one -> one.id().equals(scenario.id()))) {
                all.add(scenario);
            }
        }
        this.usual = preferred.isEmpty() ? full : preferred;
    }

    List<Scenario> all() {
        return List.copyOf(all);
    }

    /**
     * The scenarios with these names; a name that is none stands for all that begin with it and a
     * dash. Empty if one name fits nothing.
     */
    List<Scenario> choose(List<String> names) {
        if (names.isEmpty()) {
            return usual;
        }
        Set<Scenario> chosen = new LinkedHashSet<>();
        for (String name : names) {
            List<Scenario> found = find(name);
            if (found.isEmpty()) {
                return List.of();
            }
            chosen.addAll(found);
        }
        return List.copyOf(chosen);
    }

    private List<Scenario> find(String name) {
        List<Scenario> exact = all.stream().filter(one -> one.id().equals(name)).toList();
        return exact.isEmpty()
                ? all.stream().filter(one -> one.id().startsWith(name + "-")).toList()
                : exact;
    }
}
