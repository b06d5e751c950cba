/**
 * What Linux tells in {@code /proc} about CPU time and memory of processes. Reading only; any
 * thread.
 */
package io.jgunicorn.bench.proc;
