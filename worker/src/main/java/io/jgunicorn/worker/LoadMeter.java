package io.jgunicorn.worker;

import io.jgunicorn.control.ControlMessage.Load;
import io.jgunicorn.os.ResidentMemory;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * Measures how busy a worker is, by looking many times a second: to count in every request would
 * cost more. Used by the control loop's thread only.
 */
final class LoadMeter {
    /** Between two looks. */
    static final Duration PERIOD = Duration.ofMillis(50);

    private final int threads;
    private final IntSupplier busyThreads;
    private final IntSupplier waitingRequests;
    private double busy;
    private double waiting;
    private int looks;

    /**
     * @param threads how many requests can run at a time, at least 1
     * @param busyThreads how many run now
     * @param waitingRequests how many wait for a thread now
     */
    LoadMeter(int threads, IntSupplier busyThreads, IntSupplier waitingRequests) {
        this.threads = threads;
        this.busyThreads = busyThreads;
        this.waitingRequests = waitingRequests;
    }

    void look() {
        int waits = waitingRequests.getAsInt();
        waiting += waits;
        // One thread computes at a time, so others may be free and of no use.
        busy += waits > 0 ? 1 : Math.min(1, (double) busyThreads.getAsInt() / threads);
        looks++;
    }

    /** The means since the last call. */
    Load take() {
        if (looks == 0) {
            look();
        }
        Load load = new Load(busy / looks, waiting / looks, ResidentMemory.ofThis());
        busy = 0;
        waiting = 0;
        looks = 0;
        return load;
    }
}
