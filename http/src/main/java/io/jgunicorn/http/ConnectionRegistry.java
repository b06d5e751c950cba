package io.jgunicorn.http;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Who is connected. Changed on the event loop only; {@link #wantsClose} and {@link #open} may be
 * read anywhere.
 */
final class ConnectionRegistry {
    private final int most;
    private final Runnable changed;
    private final Set<Http1Connection> connections = new LinkedHashSet<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final Balance balance = new Balance();
    private int closedSinceCheck;
    private int closedBeforeCheck;
    private volatile int open;
    private volatile boolean draining;

    /**
     * @param most connections at which accepting pauses
     * @param changed run after each connection that comes or goes
     */
    ConnectionRegistry(int most, Runnable changed) {
        this.most = most;
        this.changed = changed;
    }

    void opened(Http1Connection connection) {
        connections.add(connection);
        open = connections.size();
        changed.run();
        if (draining) {
            connection.drain();
        }
    }

    void closed(Http1Connection connection) {
        if (!connections.remove(connection)) {
            return;
        }
        closedSinceCheck++;
        open = connections.size();
        changed.run();
        completeIfDrained();
    }

    boolean isFull() {
        return connections.size() >= most;
    }

    /**
     * True if a response about to be sent should end its connection: when draining, when every
     * place is taken, so that idle connections do not keep new ones out, and when other processes
     * have far fewer. To be asked once a response.
     */
    boolean wantsClose() {
        return draining || open >= most || balance.gives();
    }

    int open() {
        return open;
    }

    /** How many connections were closed between the last two checks of times. */
    int closedLately() {
        return closedBeforeCheck;
    }

    /** Compares with the other processes. Called twice a second. */
    void shareOut(Neighbours neighbours) {
        int lively = (int) connections.stream().filter(Http1Connection::wasLively).count();
        neighbours.publishLively(lively);
        balance.look(lively, neighbours.lively());
    }

    /** Closes whoever has done nothing for too long. Called twice a second. */
    void checkTimes(long now) {
        closedBeforeCheck = closedSinceCheck;
        closedSinceCheck = 0;
        for (Http1Connection connection : List.copyOf(connections)) {
            connection.checkTime(now);
        }
    }

    /** No connection will be added any more. */
    void drain() {
        if (!draining) {
            draining = true;
            List.copyOf(connections).forEach(Http1Connection::drain);
            completeIfDrained();
        }
    }

    void closeAll() {
        List.copyOf(connections).forEach(Http1Connection::closeNow);
    }

    /** Done when draining and no connection is left. */
    CompletableFuture<Void> drained() {
        return drained;
    }

    private void completeIfDrained() {
        if (draining && connections.isEmpty()) {
            drained.complete(null);
        }
    }
}
