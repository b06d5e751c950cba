package io.jgunicorn.bench.result;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** Starts of one server, one per round. */
public record BootRow(String contender, Start start, List<Sample> samples) {
    public BootRow {
        samples = List.copyOf(samples);
    }

    /** Whether the caches of the product and of Python are there. */
    public enum Start {
        /** No cache: as after an installation. */
        FIRST,
        /** With what the start before has left behind. */
        SECOND
    }

    /**
     * One start.
     *
     * @param seconds from the command to the first 200 answer
     * @param cpuSeconds used until then
     * @param settledSeconds from the command until the server stopped working on the side
     * @param settledCpuSeconds used until then
     * @param residentMb memory of all processes then, in MB
     */
    public record Sample(
            double seconds,
            double cpuSeconds,
            double settledSeconds,
            double settledCpuSeconds,
            double residentMb) {}

    /** One value of each start, in order. */
    public List<Double> values(ToDoubleFunction<Sample> value) {
        return samples.stream().mapToDouble(value).boxed().toList();
    }
}
