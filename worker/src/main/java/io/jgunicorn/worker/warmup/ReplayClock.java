package io.jgunicorn.worker.warmup;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** The times a replay looks at; a test has its own. */
interface ReplayClock {
    /** As {@link System#nanoTime}. Any thread. */
    long nanoTime();

    /** Processor time that the calling thread has used so far, in nanoseconds. */
    long cpuNanos();

    static ReplayClock system() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return new ReplayClock() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public long cpuNanos() {
                return threads.getCurrentThreadCpuTime();
            }
        };
    }
}
