package io.jgunicorn.worker;

import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogLevel;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Gives back the memory that compiling Python has filled. The graphs of the compiler live just long
 * enough to be promoted, so that after a warm-up most of the old generation is garbage, and no
 * collection comes by itself because nothing more is promoted. Each time the compiler has come to
 * rest and the old generation has grown by half this collects the whole heap, once: a pause of 100
 * to 200 ms for 50 to 150 MB of live objects.
 */
final class HeapTrimmer {
    /** How often to {@link #look}. */
    static final Duration PERIOD = Duration.ofSeconds(2);

    /** With less growth than this the pause is not worth it. */
    private static final long WORTH_BYTES = 16 << 20;

    /** From here on, in milliseconds, the operator is told of the pause. */
    private static final long LONG_PAUSE = 1000;

    /** The threads of the compiler end when they had nothing to do for ten seconds. */
    private static final String COMPILER_THREADS = "TruffleCompilerThread";

    private final ErrorLog log;
    private final Executor executor;
    private final AtomicBoolean trimming = new AtomicBoolean();

    /** Looked at and set on the control loop only. */
    private boolean compiled;

    /** What the old generation held after the last time; the trimming thread's. */
    private volatile long leftBytes;

    private final BooleanSupplier compiling;
    private final LongSupplier oldGeneration;
    private final Runnable collection;

    HeapTrimmer(ErrorLog log) {
        this(
                HeapTrimmer::isCompiling,
                HeapTrimmer::oldGenerationBytes,
                System::gc,
                task -> Thread.ofPlatform().daemon().name("heap-trim").start(task),
                log);
    }

    HeapTrimmer(
            BooleanSupplier compiling,
            LongSupplier oldGeneration,
            Runnable collection,
            Executor executor,
            ErrorLog log) {
        this.compiling = compiling;
        this.oldGeneration = oldGeneration;
        this.collection = collection;
        this.executor = executor;
        this.log = log;
    }

    /** Starts a collection on a thread of its own if one is due. Control loop. */
    void look() {
        if (compiling.getAsBoolean()) {
            compiled = true;
        } else if (compiled && start(this::trimIfWorthIt)) {
            compiled = false;
        }
    }

    /** Starts a collection on a thread of its own, unless one is under way. Control loop. */
    void trim() {
        boolean _ = start(this::collect);
    }

    private boolean start(Runnable task) {
        if (!trimming.compareAndSet(false, true)) {
            return false;
        }
        try {
            executor.execute(
                    () -> {
                        try {
                            task.run();
                        } finally {
                            trimming.set(false);
                        }
                    });
            return true;
        } catch (OutOfMemoryError e) { // the system refuses a thread: the next time, then
            trimming.set(false);
            return false;
        }
    }

    private static boolean isCompiling() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        Thread[] threads = new Thread[2 * all.activeCount() + 16];
        int count = all.enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (threads[i].getName().startsWith(COMPILER_THREADS)) {
                return true;
            }
        }
        return false;
    }

    private void trimIfWorthIt() {
        if (oldGeneration.getAsLong() - leftBytes >= Math.max(WORTH_BYTES, leftBytes / 2)) {
            collect();
        }
    }

    private void collect() {
        long before = oldGeneration.getAsLong();
        long began = System.nanoTime();
        collection.run();
        leftBytes = oldGeneration.getAsLong();
        long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        log.log(
                millis < LONG_PAUSE ? LogLevel.DEBUG : LogLevel.INFO,
                "Collected the heap in %d ms, %d of %d MB are left"
                        .formatted(millis, leftBytes >> 20, before >> 20));
    }

    /** Used bytes of the heap's pools that collections fill rather than empty: one in practice. */
    private static long oldGenerationBytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .filter(MemoryPoolMXBean::isUsageThresholdSupported)
                .mapToLong(pool -> pool.getUsage().getUsed())
                .sum();
    }
}
