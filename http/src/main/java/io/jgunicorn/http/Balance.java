package io.jgunicorn.http;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives connections away where this process has far more than others: kept-alive ones stay where
 * they are, so a process that came later, for more load or in place of another, would get none of
 * them. Their next responses end them, and their clients' next connections go to whoever has fewest
 * ({@link Courtesy}).
 *
 * <p>Only connections with something to do count: a proxy keeps idle ones too, and uses those most
 * that it has used last. Far more: for two looks in a row a quarter, and at least {@link
 * #TOLERATED}, over an equal share. {@link #look} on the event loop, {@link #gives} on any thread.
 */
final class Balance {
    static final int TOLERATED = 2;

    private final AtomicInteger surplus = new AtomicInteger();
    private boolean uneven;

    /**
     * Called twice a second.
     *
     * @param own lively connections of this process that are to stay
     */
    void look(int own, Neighbours.Lively others) {
        int share = Math.ceilDiv(own + others.connections(), others.processes() + 1);
        boolean stillUneven = uneven;
        uneven = others.processes() > 0 && own >= share + Math.max(TOLERATED, share / 4);
        surplus.set(uneven && stillUneven ? own - share : 0);
    }

    /** True if the connection asked about is to be given away. */
    boolean gives() {
        return surplus.get() > 0 && surplus.getAndDecrement() > 0;
    }
}
