package io.jgunicorn.http;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Decides whether to take a connection or to leave it to a neighbour. The kernel wakes all
 * processes for each connection, and whoever runs first would take it: often the same one, sixteen
 * times in a row. So a process that has more connections than another leaves new ones to the others
 * for as long as their numbers move, and else for {@link #PATIENCE_NANOS}. If they still do not
 * move, one of them hangs: then twice as many are taken after each further wait.
 *
 * <p>Only numbers count, not what the connections do: a process that has just begun gets all new
 * connections until it has as many as the others. Event loop only.
 */
final class Courtesy {
    /** How long a connection waits for a neighbour that does not move. */
    static final long PATIENCE_NANOS = 5_000_000;

    /** When to ask again. */
    static final long LOOK_AGAIN_NANOS = 200_000;

    static final int MOST_AT_ONCE = 64;

    /** With none to be seen for so long, the next one is another connection. */
    private static final long FORGET_NANOS = 20_000_000;

    private final Neighbours neighbours;
    private final IntSupplier own;
    private final LongSupplier nanos;

    private int totalSeen;
    private long watchingSince;
    private long waitingSince;
    private boolean overdue;
    private int instead = 1;

    /**
     * @param own connections of this process, to be compared with those of the neighbours
     * @param nanos as {@link System#nanoTime}
     */
    Courtesy(Neighbours neighbours, IntSupplier own, LongSupplier nanos) {
        this.neighbours = neighbours;
        this.own = own;
        this.nanos = nanos;
        this.watchingSince = nanos.getAsLong() - FORGET_NANOS - 1;
    }

    /**
     * A connection can be accepted.
     *
     * @return how many to accept now; 0: none, but to {@link #watch} again after {@link
     *     #LOOK_AGAIN_NANOS}
     */
    int grant() {
        overdue = false;
        if (own.getAsInt() <= neighbours.fewest()) {
            instead = 1;
            return 1;
        }
        long now = nanos.getAsLong();
        int total = neighbours.total();
        if (total != totalSeen) {
            instead = 1;
            waitingSince = now;
        } else if (now - watchingSince > FORGET_NANOS) {
            waitingSince = now;
        }
        totalSeen = total;
        watchingSince = now;
        if (now - waitingSince < PATIENCE_NANOS) {
            return 0;
        }
        waitingSince = now;
        overdue = true;
        return instead;
    }

    /**
     * From now on a connection that waits is seen at once. However late this comes, on a busy
     * machine: the one that a grant was refused for may have been waiting all the time.
     */
    void watch() {
        watchingSince = nanos.getAsLong();
    }

    /** So many have been accepted of what {@link #grant} allowed. */
    void took(int accepted) {
        if (overdue) {
            instead = accepted == instead ? Math.min(2 * instead, MOST_AT_ONCE) : 1;
        }
    }
}
