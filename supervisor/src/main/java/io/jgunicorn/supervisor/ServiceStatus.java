package io.jgunicorn.supervisor;

import java.util.Locale;

/**
 * How the server is, in the terms of a service manager (sd_notify(3)).
 *
 * @param reloads how many reloads have been asked for so far: a second one that begins during the
 *     first is news too
 * @param alive the server does what it is there for; while it does not, the watchdog is not fed
 * @param text a line for the operator
 */
public record ServiceStatus(Phase phase, int reloads, boolean alive, String text) {

    /** What the service manager waits for. */
    public enum Phase {
        STARTING,
        READY,
        RELOADING,
        STOPPING;

        /** As operators read it. */
        String lowerName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
