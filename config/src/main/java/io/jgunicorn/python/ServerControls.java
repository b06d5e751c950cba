package io.jgunicorn.python;

/**
 * What a hook in the master may ask of it. Called on the master's thread, while the hook runs;
 * takes effect after it.
 */
public interface ServerControls {
    /** {@code server.num_workers = workers}. */
    void scale(long workers);

    /** {@code server.reload()}: as HUP. */
    void reload();

    /** {@code server.stop(graceful)}: as TERM, or INT. */
    void stop(boolean graceful);

    /**
     * The server stops, gracefully.
     *
     * @param reason for the log; may be empty
     * @param exitStatus of the master
     */
    void halt(String reason, long exitStatus);
}
