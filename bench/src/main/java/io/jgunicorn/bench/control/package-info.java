/** Benchmarks of {@code io.jgunicorn.control}. Run by {@code bench/run jmh}. */
package io.jgunicorn.bench.control;
