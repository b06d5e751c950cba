package io.jgunicorn.bench.result;

import io.jgunicorn.bench.load.LoadResult;

/** The load that came before the first round. */
public record WarmUp(String contender, LoadResult load) {}
