package io.jgunicorn.supervisor;

/** Reads the configuration: once at start, again at each HUP. Runs on the master's thread. */
@FunctionalInterface
interface ConfigurationSource {

    /**
     * Reads all sources anew.
     *
     * @throws StartFailure if the configuration is unusable; its text is for the operator
     */
    Configuration load() throws StartFailure;
}
