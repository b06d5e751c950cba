package io.jgunicorn.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jgunicorn.http.Exchange;
import io.jgunicorn.log.ErrorLog;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Brings requests to Python threads, one runner at a time. GraalPy's lock is fair and given up at
 * every host call, so threads that all take from one queue hand it round and throughput falls to a
 * twentieth. Here one awake thread takes request after request; a second is woken only when every
 * awake one {@linkplain PythonThread#waits waits for something} or has been inside its request for
 * {@link #STUCK_NANOS} (it computes for long), and goes back to sleep when another runs.
 *
 * <p>{@link #submit} runs on the event loop, {@link #run} on the Python threads, the rest on the
 * watching thread. The numbers of threads: sync 1, gthread {@code threads}, gevent and its kin up
 * to {@code worker_connections}; all but the first are started when first needed.
 */
final class Dispatcher {
    /**
     * After this long inside a request a thread counts as stuck, whatever it does, and the next
     * request gets another thread.
     */
    private static final long STUCK_NANOS = 1_000_000;

    /**
     * So long after a thread was woken the watcher looks whether it waits too. The kernel's timer
     * slack (50 us, prctl(2)) comes on top.
     */
    private static final long NEXT_LOOK_NANOS = 50_000;

    /**
     * After this long inside requests on all threads, with no more to start, new connections are
     * left to other workers.
     */
    private static final long SATURATED_NANOS = 10_000_000;

    /** The watching thread sleeps for good when nothing has happened for so many ticks. */
    private static final int IDLE_TICKS = 50;

    /** How many threads may exist; lowered when the system refuses to start another. */
    @GuardedBy("lock")
    private int limit;

    private final IntFunction<PythonThread> newThread;
    private final boolean singleThreaded;
    private final Consumer<Boolean> onSaturation;
    private final ErrorLog log;
    private final ConcurrentLinkedQueue<Exchange> queue = new ConcurrentLinkedQueue<>();
    private final List<PythonThread> threads = new CopyOnWriteArrayList<>();
    private final AtomicInteger awake = new AtomicInteger();
    private final Thread watcher;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final ArrayDeque<PythonThread> idle = new ArrayDeque<>();

    /** Threads are numbered for their names, and no number is used twice. */
    @GuardedBy("lock")
    private int lastNumber = 1;

    /** Set once somebody waits for the last request to end. */
    private volatile CompletableFuture<Void> idleness;

    private volatile PythonThread first;
    private volatile boolean watcherSleeps;
    private volatile boolean stopped;

    /**
     * Prepares for up to {@code limit} threads.
     *
     * @param newThread makes the thread with a number (from 2; number 1 joins by itself); it must
     *     call {@link #run}
     * @param onSaturation told, on the watching thread, when no thread is left for a new request,
     *     and when one is again
     */
    Dispatcher(
            int limit,
            IntFunction<PythonThread> newThread,
            Consumer<Boolean> onSaturation,
            ErrorLog log) {
        this.limit = limit;
        this.singleThreaded = limit == 1;
        this.newThread = newThread;
        this.onSaturation = onSaturation;
        this.log = log;
        this.watcher = new Thread(this::watch, "dispatch-watch");
        watcher.setDaemon(true);
    }

    /**
     * Starts the watching thread and counts the first Python thread, about to call {@link #run}, as
     * awake.
     */
    void start(PythonThread first) {
        this.first = first;
        threads.add(first);
        awake.incrementAndGet();
        watcher.start();
    }

    /** Queues a request. Called on the event loop; never blocks. */
    void submit(Exchange exchange) {
        queue.add(exchange);
        if (awake.get() == 0) {
            wakeOne();
        }
        if (watcherSleeps) {
            LockSupport.unpark(watcher);
        }
    }

    /**
     * Serves requests on the calling Python thread until {@link #stop}, or until the thread has
     * been written off. Those whose clients left while they waited are ended without being served.
     */
    void run(PythonThread self, Consumer<Exchange> serve) {
        try {
            while (!stopped && !self.isWrittenOff()) {
                Exchange next = yields(self) ? null : queue.poll();
                if (next == null) {
                    goIdle(self);
                    continue;
                }
                if (next.clientGone()) {
                    next.fail(); // nobody waits for an answer: the application is spared
                } else {
                    self.begin(next);
                    try {
                        serve.accept(next);
                    } finally {
                        self.end();
                    }
                }
                completeIdleness();
            }
        } finally {
            forget(self);
        }
    }

    /**
     * True if another thread makes progress, so that this one had better sleep. The first thread
     * never yields: weak-reference callbacks and the release of descriptors wait for it to run
     * Python.
     */
    private boolean yields(PythonThread self) {
        return self != first && awake.get() > 1 && anotherRuns(self);
    }

    /**
     * True if a thread, apart from {@code self}, is awake and neither waits nor has been inside its
     * request for long.
     */
    private boolean anotherRuns(PythonThread self) {
        long now = System.nanoTime();
        for (PythonThread thread : threads) {
            if (thread != self
                    && thread.isAwake()
                    && !thread.isWrittenOff()
                    && thread.nanosInside(now) < STUCK_NANOS
                    && !(thread.current() != null && thread.waits())) {
                return true;
            }
        }
        return false;
    }

    private void goIdle(PythonThread self) {
        synchronized (lock) {
            if (self.isWrittenOff() || stopped) {
                return;
            }
            self.goingIdle();
            idle.push(self);
            awake.decrementAndGet();
        }
        if (!queue.isEmpty() && awake.get() == 0) {
            wakeOne(); // what was queued since the last look woke nobody
        }
        self.awaitWakeUp();
    }

    /** Wakes a sleeping thread or starts one more; false if there is none and may be none. */
    private boolean wakeOne() {
        synchronized (lock) {
            if (stopped) {
                return false;
            }
            PythonThread thread = idle.remove(first) ? first : idle.poll();
            if (thread != null) {
                awake.incrementAndGet();
                thread.wakeUp();
                return true;
            }
            return threads.size() < limit && startOne();
        }
    }

    @GuardedBy("lock")
    private boolean startOne() {
        lastNumber++;
        PythonThread fresh = newThread.apply(lastNumber);
        awake.incrementAndGet();
        threads.add(fresh);
        try {
            fresh.start();
            return true;
        } catch (OutOfMemoryError e) { // what the JVM throws when the system refuses a thread
            awake.decrementAndGet();
            threads.remove(fresh);
            limit = threads.size();
            log.error(
                    "No more than " + limit + " Python threads can be started: " + e.getMessage());
            return false;
        }
    }

    /** A thread is about to end: whatever made it, it counts no more. */
    private void forget(PythonThread self) {
        synchronized (lock) {
            if (!stopped && threads.remove(self)) {
                awake.decrementAndGet();
            }
        }
    }

    /**
     * Counts a thread no more: its request has missed the deadline. What waits in the queue gets
     * another thread.
     */
    void writeOff(PythonThread thread) {
        synchronized (lock) {
            if (thread.isWrittenOff()) {
                return;
            }
            thread.writeOff();
            threads.remove(thread);
            if (idle.remove(thread)) {
                thread.wakeUp(); // it has just come back after all: let it end
            } else {
                awake.decrementAndGet();
            }
        }
        completeIdleness();
        if (!queue.isEmpty()) {
            wakeOne();
        }
    }

    /**
     * Done when no request waits and none is inside a thread that counts. Nothing may be submitted
     * after the call.
     */
    CompletableFuture<Void> idle() {
        CompletableFuture<Void> future = new CompletableFuture<>();
        idleness = future;
        completeIdleness();
        return future;
    }

    private void completeIdleness() {
        CompletableFuture<Void> waiting = idleness;
        if (waiting != null && queue.isEmpty() && busyThreads() == 0) {
            waiting.complete(null);
        }
    }

    /** Lets every thread return from {@link #run} after its current request. */
    void stop() {
        synchronized (lock) {
            stopped = true;
            for (PythonThread thread : idle) {
                thread.wakeUp();
            }
            idle.clear();
        }
        LockSupport.unpark(watcher);
    }

    /** The threads that count, for the deadline watch and the heartbeat. */
    List<PythonThread> threads() {
        return threads;
    }

    int busyThreads() {
        int busy = 0;
        for (PythonThread thread : threads) {
            if (thread.current() != null) {
                busy++;
            }
        }
        return busy;
    }

    /** How many requests wait for a thread; takes time in proportion. */
    int waitingRequests() {
        return queue.size();
    }

    private void watch() {
        long tickNanos = singleThreaded ? SATURATED_NANOS / 2 : STUCK_NANOS;
        int quietTicks = 0;
        boolean saturated = false;
        long pause = tickNanos;
        while (!stopped) {
            LockSupport.parkNanos(pause);
            pause = tickNanos;
            if (!queue.isEmpty() && !anotherRuns(null) && wakeOne()) {
                pause = NEXT_LOOK_NANOS;
            }
            long inside = shortestTimeInside();
            boolean now = inside >= SATURATED_NANOS && isFullyStarted();
            if (now != saturated) {
                saturated = now;
                onSaturation.accept(now);
            }
            quietTicks = inside == 0 && queue.isEmpty() ? quietTicks + 1 : 0;
            if (quietTicks > IDLE_TICKS) {
                quietTicks = 0;
                sleepUntilNextRequest();
            }
        }
    }

    /**
     * Ends at the next request; looks by itself once a second, in case one slipped through between
     * the two sides.
     */
    private void sleepUntilNextRequest() {
        watcherSleeps = true;
        while (queue.isEmpty() && busyThreads() == 0 && !stopped) {
            LockSupport.parkNanos(this, 1_000_000_000L);
        }
        watcherSleeps = false;
    }

    /**
     * The shortest time an awake thread has been inside its request; 0 if one is between requests
     * or none is awake.
     */
    private long shortestTimeInside() {
        long now = System.nanoTime();
        long shortest = Long.MAX_VALUE;
        for (PythonThread thread : threads) {
            if (thread.isAwake() && !thread.isWrittenOff()) {
                shortest = Math.min(shortest, thread.nanosInside(now));
            }
        }
        return shortest == Long.MAX_VALUE ? 0 : shortest;
    }

    private boolean isFullyStarted() {
        synchronized (lock) {
            return idle.isEmpty() && threads.size() >= limit;
        }
    }
}
