package io.jgunicorn.bench.result;

import java.util.List;
import java.util.Optional;

/**
 * Everything found in one run.
 *
 * @param failures scenarios that could not be measured, and why
 */
public record BenchRun(
        Provenance provenance, List<ScenarioResult> scenarios, List<String> failures) {
    public BenchRun {
        scenarios = List.copyOf(scenarios);
        failures = List.copyOf(failures);
    }

    public Optional<ScenarioResult> scenario(String id) {
        return scenarios.stream().filter(scenario -> scenario.id().equals(id)).findFirst();
    }

    public Optional<LoadRow> load(String scenario, String load, String contender) {
        return scenario(scenario).flatMap(found -> found.load(load, contender));
    }
}
