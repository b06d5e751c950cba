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
     * GraalPy's interpreter lock is the one fair lock of a worker; threading.Lock and our own are
     * not fair.
     */
    private static final String INTERPRETER_LOCK =
            "java.util.concurrent.locks.ReentrantLock$FairSync";

    /**
     * The request this thread is inside of, or null. Written by this thread, read by the watchers.
     */
    private volatile Exchange current;

    /**
     * When the request began, or its time began again, as {@link System#nanoTime}; meaningful while
     * {@link #current} is set.
     */
    private volatile long since;

    /** False while this thread waits to be woken; only the dispatcher and this thread write it. */
    private volatile boolean awake = true;

    /** True once a request of this thread has missed its deadline: the thread counts no more. */
    private volatile boolean writtenOff;

    /** This thread in the kernel; null before it runs and where that cannot be seen. */
    private volatile KernelThread kernel;

    PythonThread(String name, Runnable body) {
        super(null, body, name, AppPython.STACK_BYTES);
        setDaemon(true);
    }

    @Override
    public void run() {
        kernel = KernelThread.current();
        super.run();
    }

    void begin(Exchange exchange) {
        since = System.nanoTime();
        current = exchange;
    }

    /** The request may take its whole time again. */
    void restartDeadline() {
        since = System.nanoTime();
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

    /**
     * True if this thread waits for something other than its turn to run Python: a sleep, a lock of
     * the application, an answer from the network. Only a hint, out of date when it is returned.
     */
    boolean waits() {
        return switch (getState()) {
            case RUNNABLE -> waitsInNativeCode();
            case WAITING, TIMED_WAITING -> !waitsForInterpreterLock();
            case BLOCKED, TERMINATED -> true;
            case NEW -> false;
        };
    }

    private boolean waitsInNativeCode() {
        KernelThread seen = kernel;
        return seen != null && seen.waits();
    }

    private boolean waitsForInterpreterLock() {
        Object blocker = LockSupport.getBlocker(this);
        return blocker != null && blocker.getClass().getName().equals(INTERPRETER_LOCK);
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
