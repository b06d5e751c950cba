package io.jgunicorn.worker;

import io.jgunicorn.http.Exchange;
import io.jgunicorn.worker.python.AppPython;
import java.util.concurrent.locks.LockSupport;

/**
 * One of the worker's Python threads: a platform thread with a stack deep enough for Python,
 * entered in the context for as long as it lives. What it is busy with is visible to the watchers.
 */
final class PythonThread extends Thread {
    /**
     * The request this thread is inside of, or null. Written by this thread, read by the watchers.
     */
    private volatile Exchange current;

    /**
     * When the request began, as {@link System#nanoTime}; meaningful while {@link #current} is set.
     */
    private volatile long since;

    /** False while this thread waits to be woken; only the dispatcher and this thread write it. */
    private volatile boolean awake = true;

    /** True once a request of this thread has missed its deadline: the thread counts no more. */
    private volatile boolean writtenOff;

    PythonThread(String name, Runnable body) {
        super(null, body, name, AppPython.STACK_BYTES);
        setDaemon(true);
    }

    void begin(Exchange exchange) {
        since = System.nanoTime();
        current = exchange;
    }

    void end() {
        current = null;
    }

    Exchange current() {
        return current;
    }

    /** How long this thread has been inside its request, in nanoseconds; 0 between requests. */
    long nanosInside(long now) {
        return current == null ? 0 : Math.max(1, now - since);
    }

    boolean isAwake() {
        return awake;
    }

    boolean isWrittenOff() {
        return writtenOff;
    }

    void writeOff() {
        writtenOff = true;
    }

    void goingIdle() {
        awake = false;
    }

    /** Waits, on this thread, for {@link #wakeUp}. */
    void awaitWakeUp() {
        while (!awake) {
            LockSupport.park(this);
        }
    }

    void wakeUp() {
        awake = true;
        LockSupport.unpark(this);
    }
}
