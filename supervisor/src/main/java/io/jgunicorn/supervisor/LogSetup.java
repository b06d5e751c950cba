package io.jgunicorn.supervisor;

/** Makes the master's log follow the configuration it belongs to. On the master's thread only. */
@FunctionalInterface
interface LogSetup {
    /** Of a configuration that asks for nothing but what the log does already. */
    LogSetup NONE = () -> {};

    /**
     * Sets it up, again after another one has been.
     *
     * @throws StartFailure if that cannot be; the log stays what it was
     */
    void apply() throws StartFailure;
}
