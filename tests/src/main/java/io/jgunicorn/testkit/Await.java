package io.jgunicorn.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits for facts of the outside world that send no event: a process that is not our child is gone,
 * a file exists. The one place of the kit that polls.
 */
public final class Await {
    private static final long STEP_NANOS = Duration.ofMillis(20).toNanos();

    private Await() {}

    /** Waits until the fact holds; after the deadline fails, naming what was awaited. */
    public static void until(String what, Duration deadline, BooleanSupplier fact) {
        if (!holdsWithin(deadline, fact)) {
            throw new AssertionError("waited " + seconds(deadline) + " for: " + what);
        }
    }

    /** Watches for a while and fails as soon as the fact holds. */
    public static void never(String what, Duration watched, BooleanSupplier fact) {
        if (holdsWithin(watched, fact)) {
            throw new AssertionError("saw what must not be: " + what);
        }
    }

    /** Waits until there is a value; after the deadline fails, naming what was awaited. */
    public static <T> T value(String what, Duration deadline, Supplier<Optional<T>> source) {
        long end = System.nanoTime() + deadline.toNanos();
        Optional<T> value = source.get();
        while (value.isEmpty() && System.nanoTime() < end) {
            pause();
            value = source.get();
        }
        return value.orElseThrow(
                () -> new AssertionError("waited " + seconds(deadline) + " for: " + what));
    }

    /** Whether the fact comes to hold before the deadline. */
    static boolean holdsWithin(Duration deadline, BooleanSupplier fact) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() >= end) {
                return false;
            }
            pause();
        }
        return true;
    }

    static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }

    private static void pause() {
        if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("interrupted while waiting: the test ran out of time");
        }
        LockSupport.parkNanos(STEP_NANOS);
    }
}
