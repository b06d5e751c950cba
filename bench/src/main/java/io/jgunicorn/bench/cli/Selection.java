package io.jgunicorn.bench.cli;

import io.jgunicorn.bench.scenario.Scenario;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds scenarios by the names given on the command line. */
final class Selection {
    private final List<Scenario> known;

    Selection(List<Scenario> known) {
        this.known = known;
    }

    /**
     * The scenarios with these names; a name that is none stands for all that begin with it and a
     * dash. No names: all. Empty if one name fits nothing.
     */
    List<Scenario> choose(List<String> names) {
        if (names.isEmpty()) {
            return known;
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
        List<Scenario> exact = known.stream().filter(one -> one.id().equals(name)).toList();
        return exact.isEmpty()
                ? known.stream().filter(one -> one.id().startsWith(name + "-")).toList()
                : exact;
    }
}
