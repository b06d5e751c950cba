package io.jgunicorn.http;

/**
 * Back-pressure for one exchange: counts the bytes an application thread has handed over and the
 * client's kernel has not taken yet. The application thread adds and waits; the event loop releases
 * and closes, and never waits here for longer than it takes to change a number.
 */
final class OutboundQuota {
    /** Bytes that may wait for a client before the writer does. */
    static final int HIGH_WATER = 64 * 1024;

    // Guarded by this.
    private long waiting;
    private boolean closed;

    synchronized void add(int bytes) {
        waiting += bytes;
    }

    synchronized void release(int bytes) {
        waiting -= bytes;
        if (waiting <= HIGH_WATER) {
            notifyAll();
        }
    }

    /** The connection is of no use any more: whoever waits is let go. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /**
     * Waits until no more than {@link #HIGH_WATER} bytes are on their way; false if the connection
     * is of no use any more. An interrupt counts as that and stays set.
     */
    synchronized boolean awaitRoom() {
        while (!closed && waiting > HIGH_WATER) {
            try {
                wait();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return !closed;
    }
}
