package io.jgunicorn.bench.result;

import io.jgunicorn.bench.load.LoadResult;

/**
 * One load on one server in one round.
 *
 * @param serverCpuSeconds used by all processes of the server
 * @param clientCpuSeconds used by the load generator
 * @param otherCpuSeconds used by everybody else on the machine: noise
 * @param residentMb memory of all processes of the server at the end, in MB
 */
public record Round(
        LoadResult load,
        double serverCpuSeconds,
        double clientCpuSeconds,
        double otherCpuSeconds,
        double residentMb) {
    /** CPU seconds of the server for 1,000 answers. */
    public double cpuSecondsPerThousand() {
        return load.requests() == 0 ? 0 : serverCpuSeconds * 1000 / load.requests();
    }
}
