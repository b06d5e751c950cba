/** Medians, percentiles and spreads of a handful of samples. Pure; depends on nothing. */
package io.jgunicorn.bench.stats;
