package io.jgunicorn.supervisor;

import io.jgunicorn.supervisor.ServiceStatus.Phase;
import java.util.Optional;

/**
 * Finds out at the end of each turn how the server is, and has it told when it is news. The server
 * is ready from its first ready worker on, at once if none is wanted. A reload ends when all
 * workers that serve are of the new generation, or when it is given up. Pure, like {@link Plan};
 * used by the loop's thread only.
 *
 * <table>
 * <caption>Limits</caption>
 * <tr><td>a reason in the text</td><td>1000 characters: systemd takes 4096 bytes</td></tr>
 * </table>
 */
final class ServiceReport {
    private static final int LONGEST_REASON = 1000;

    private final Fleet fleet;
    private final Shutdown shutdown;
    private Optional<ServiceStatus> told = Optional.empty();

    /** Once true it stays so: from then on a server without workers is a server in trouble. */
    private boolean started;

    private int reloads;

    /** The configuration is being read again. */
    private boolean reading;

    /** Why the last reload was given up; empty if it was not. */
    private Optional<String> failure = Optional.empty();

    ServiceReport(Fleet fleet, Shutdown shutdown) {
        this.fleet = fleet;
        this.shutdown = shutdown;
    }

    void reloadBegun() {
        reloads++;
        reading = true;
        failure = Optional.empty();
    }

    void configurationRead() {
        reading = false;
    }

    /** The reload is given up. */
    void reloadFailed(String reason) {
        reading = false;
        failure = Optional.of(summary(reason));
    }

    /** What was told last; empty before the first turn has ended. */
    Optional<ServiceStatus> told() {
        return told;
    }

    /** First in the turn: a reload is announced before the configuration is read. */
    void tell(Generation current, Turn turn) {
        Optional<ServiceStatus> status = Optional.of(status(current));
        if (!status.equals(told)) {
            told = status;
            turn.addFirst(new Action.Tell(status.get()));
        }
    }

    private ServiceStatus status(Generation current) {
        int serving = fleet.serving();
        boolean alive = serving > 0 || current.target() == 0;
        started |= alive;
        if (shutdown.begun()) {
            String text = "Stopping, " + workers("", fleet.all().size()) + " left";
            return new ServiceStatus(Phase.STOPPING, reloads, true, text);
        }
        if (!started) {
            String text = "Booting, " + ready(serving, "", current);
            return new ServiceStatus(Phase.STARTING, reloads, false, text);
        }
        if (reading) {
            String text = "Reloading the configuration";
            return new ServiceStatus(Phase.RELOADING, reloads, alive, text);
        }
        int fresh = servingOf(current);
        if (!current.proven() || fresh < serving) {
            String text = "Reloading, " + ready(fresh, "new ", current);
            return new ServiceStatus(Phase.RELOADING, reloads, alive, text);
        }
        String text =
                (serving > 0 ? "Serving, " : "Not serving, ")
                        + ready(serving, "", current)
                        + failure.map(reason -> "; the last reload failed: " + reason).orElse("");
        return new ServiceStatus(Phase.READY, reloads, alive, text);
    }

    private int servingOf(Generation generation) {
        return (int) fleet.of(generation.number()).stream().filter(WorkerHandle::serving).count();
    }

    /** For example: {@code 1 of 2 new workers ready}. */
    private static String ready(int count, String kind, Generation current) {
        return count + " of " + workers(kind, current.target()) + " ready";
    }

    private static String workers(String kind, int count) {
        return count + " " + kind + (count == 1 ? "worker" : "workers");
    }

    /** Its last line, which of a traceback is the exception. */
    static String summary(String reason) {
        String line =
                reason.lines()
                        .map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .reduce("", (_, last) -> last);
        return line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) : line;
    }
}
