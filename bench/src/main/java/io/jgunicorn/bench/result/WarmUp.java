package io.jgunicorn.bench.result;

import io.jgunicorn.bench.load.LoadResult;

/**
 * The load that came before the first round.
 *
 * @param readySeconds what the start before it took
 * @param readyCpuSeconds used by that start
 */
public record WarmUp(
        String contender, double readySeconds, double readyCpuSeconds, LoadResult load) {}
