package io.jgunicorn.bench.result;

import io.jgunicorn.bench.load.Errors;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * All rounds of one load on one server.
 *
 * @param served how many of the load's connections the server answered while all were open
 */
public record LoadRow(String contender, int served, List<Round> rounds) {
    public LoadRow {
        rounds = List.copyOf(rounds);
    }

    /** One value of each round, in order. */
    public List<Double> values(ToDoubleFunction<Round> value) {
        return rounds.stream().mapToDouble(value).boxed().toList();
    }

    public List<Double> rates() {
        return values(round -> round.load().requestsPerSecond());
    }

    public Errors errors() {
        return rounds.stream()
                .map(round -> round.load().errors())
                .reduce(Errors.NONE, Errors::plus);
    }
}
