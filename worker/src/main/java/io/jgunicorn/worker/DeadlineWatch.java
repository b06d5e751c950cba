package io.jgunicorn.worker;

import io.jgunicorn.http.Exchange;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Finds requests that have run longer than allowed. {@link #look} is called every {@link #PERIOD}
 * on the event loop and costs a glance at each Python thread.
 */
final class DeadlineWatch {
    /** How often to look; a deadline is missed by at most this much more. */
    static final Duration PERIOD = Duration.ofMillis(100);

    private final long deadlineNanos;
    private final Supplier<List<PythonThread>> threads;
    private final BiConsumer<PythonThread, Exchange> onExpired;

    /**
     * A watch over some threads.
     *
     * @param deadline of one request; more than zero
     * @param onExpired called once for each thread whose request is late
     */
    DeadlineWatch(
            Duration deadline,
            Supplier<List<PythonThread>> threads,
            BiConsumer<PythonThread, Exchange> onExpired) {
        this.deadlineNanos = deadline.toNanos();
        this.threads = threads;
        this.onExpired = onExpired;
    }

    void look() {
        long now = System.nanoTime();
        for (PythonThread thread : threads.get()) {
            Exchange exchange = thread.current();
            if (exchange != null
                    && !thread.isWrittenOff()
                    && thread.nanosInside(now) > deadlineNanos) {
                onExpired.accept(thread, exchange);
            }
        }
    }
}
