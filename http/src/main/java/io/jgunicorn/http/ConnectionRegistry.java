package io.jgunicorn.http;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Who is connected. Changed on the event loop only; {@link #wantsCloses} and {@link #open} may be
 * read anywhere.
 */
final class ConnectionRegistry {
    private final int most;
    private final Runnable capacityChanged;
    private final Set<Http1Connection> connections = new LinkedHashSet<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile int open;
    private volatile boolean draining;

    /**
     * @param most connections at which accepting pauses
     * @param capacityChanged run when the registry becomes full, or no longer is
     */
    ConnectionRegistry(int most, Runnable capacityChanged) {
        this.most = most;
        this.capacityChanged = capacityChanged;
    }

    void opened(Http1Connection connection) {
        connections.add(connection);
        open = connections.size();
        if (open == most) {
            capacityChanged.run();
        }
        if (draining) {
            connection.drain();
        }
    }

    void closed(Http1Connection connection) {
        if (!connections.remove(connection)) {
            return;
        }
        open = connections.size();
        if (open == most - 1) {
            capacityChanged.run();
        }
        completeIfDrained();
    }

    boolean isFull() {
        return connections.size() >= most;
    }

    /**
     * True while responses should end their connections: when draining, and when every place is
     * taken, so that idle connections do not keep new ones out.
     */
    boolean wantsCloses() {
        return draining || open >= most;
    }

    int open() {
        return open;
    }

    /** Closes whoever has done nothing for too long. */
    void checkTimes(long now) {
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
