package io.jgunicorn.worker;

/**
 * How many more threads to wake when every awake one is stuck: one at first, twice as many each
 * time that it happens again, fewer again when it does not. So a request that is slow by chance
 * wakes one thread, and many that wait for the same slow thing soon all wait side by side. Used by
 * one thread.
 */
final class WakeBurst {
    private static final int LARGEST = 64;

    private int size = 1;

    /** One look at the awake threads; 0 unless all were stuck and a request waits. */
    int look(boolean stuck) {
        if (!stuck) {
            size = Math.max(1, size / 2);
            return 0;
        }
        int now = size;
        size = Math.min(2 * size, LARGEST);
        return now;
    }
}
