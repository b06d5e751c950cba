package io.jgunicorn.bench.proc;

/**
 * Resident memory in MB (2^20 bytes). Pages that processes share count once for each of them.
 *
 * @param master the process at the top; 0 for a server of one process, which is its own worker
 * @param worker the biggest of the others
 * @param total all together
 */
public record Memory(double master, double worker, double total) {}
