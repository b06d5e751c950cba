package io.jgunicorn.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long one connection may do nothing. Setting a deadline is one subtraction; nothing is
 * scheduled, the registry asks twice a second. Event loop only.
 *
 * <table>
 * <caption>Deadlines</caption>
 * <tr><td>after a response</td><td>{@code keepalive}</td></tr>
 * <tr><td>new, no byte yet</td><td>the longer of {@code keepalive} and 5 s</td></tr>
 * <tr><td>a head has begun</td><td>60 s for all of it</td></tr>
 * <tr><td>a body is arriving</td><td>60 s without a byte</td></tr>
 * <tr><td>after the last response</td><td>2 s</td></tr>
 * <tr><td>idle while the server drains</td><td>the same, but at most 1 s from the drain's start
 * </td></tr>
 * </table>
 */
final class ConnectionClock {
    private static final long FIRST_BYTE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ServerClock clock;
    private final long keepAliveNanos;
    private long deadline;
    private boolean draining;
    private long drainDeadline;

    ConnectionClock(ServerClock clock, Duration keepAlive) {
        this.clock = clock;
        this.keepAliveNanos = keepAlive.toNanos();
        this.deadline = now() + Math.max(keepAliveNanos, FIRST_BYTE_NANOS);
    }

    long now() {
        return clock.nanoTime();
    }

    void responseEnded(long now) {
        deadline = now + keepAliveNanos;
    }

    /** A head has begun, or a piece of a body has arrived. */
    void reading(long now) {
        deadline = now + STALL_NANOS;
    }

    void lingering() {
        deadline = now() + LINGER_NANOS;
    }

    /**
     * The server is to stop. Idle connections stay for a second, because a request may be on its
     * way; longer they would only hold up the stop. A client whose connection goes idle later was
     * promised keep-alive before.
     */
    void draining() {
        draining = true;
        drainDeadline = now() + DRAIN_NANOS;
    }

    boolean isIdleOver(long now) {
        return isOver(now) || (draining && now - drainDeadline >= 0);
    }

    boolean isOver(long now) {
        return now - deadline >= 0;
    }
}
