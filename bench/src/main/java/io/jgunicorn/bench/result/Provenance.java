package io.jgunicorn.bench.result;

import java.time.Instant;
import java.util.List;

/**
 * Where figures come from.
 *
 * @param time of the start
 * @param commit of this repository, with "-dirty" if files had changed
 * @param arguments of the bench
 * @param facts more to know: tools, settings, pinning; one phrase each
 */
public record Provenance(
        Instant time, String commit, String machine, List<String> arguments, List<String> facts) {
    public Provenance {
        arguments = List.copyOf(arguments);
        facts = List.copyOf(facts);
    }
}
