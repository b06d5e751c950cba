package io.jgunicorn.config;

/** How a worker runs requests; see design of worker classes in docs. */
public enum WorkerClass {
    /** One Python thread; {@code timeout} is also the deadline of a request. */
    SYNC,
    /** A fixed pool of {@code threads} Python threads. */
    GTHREAD,
    /**
     * Threads grown on demand up to {@code worker_connections}; what gevent, eventlet and tornado
     * map to.
     */
    ON_DEMAND
}
