package io.jgunicorn.http;

import io.jgunicorn.config.ServerConfig.ClientLimits;
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
 * <tr><td>a head has begun</td><td>{@code header_timeout} for all of it</td></tr>
 * <tr><td>a body is arriving</td><td>{@code body_timeout} without a byte; after 10 s no slower than
 * {@code body_min_rate} on average</td></tr>
 * <tr><td>after the last response</td><td>2 s</td></tr>
 * <tr><td>idle while the server drains</td><td>the same, but at most 1 s from the drain's start
 * </td></tr>
 * </table>
 */
final class ConnectionClock {
    private static final long FIRST_BYTE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RATE_GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Stands for no limit; far from overflow when it is added to a time. */
    private static final long NEVER_NANOS = Long.MAX_VALUE / 4;

    private final ServerClock clock;
    private final long keepAliveNanos;
    private final long headNanos;
    private final long bodyGapNanos;
    private final int bodyRate;
    private long deadline;
    private long bodyStart;
    private long bodyBytes;
    private boolean draining;
    private long drainDeadline;

    ConnectionClock(ServerClock clock, Duration keepAlive, ClientLimits limits) {
        this.clock = clock;
        this.keepAliveNanos = keepAlive.toNanos();
        this.headNanos = orNever(limits.header());
        this.bodyGapNanos = orNever(limits.bodyGap());
        this.bodyRate = limits.bodyRate();
        this.deadline = now() + Math.max(keepAliveNanos, FIRST_BYTE_NANOS);
    }

    /** Zero means no limit. */
    static long orNever(Duration limit) {
        return limit.isZero() ? NEVER_NANOS : limit.toNanos();
    }

    long now() {
        return clock.nanoTime();
    }

    void responseEnded(long now) {
        deadline = now + keepAliveNanos;
    }

    void headBegins(long now) {
        deadline = now + headNanos;
    }

    void bodyBegins(long now) {
        bodyStart = now;
        bodyBytes = 0;
        deadline = now + bodyGapNanos;
    }

    void bodyArrives(long now, int bytes) {
        bodyBytes += bytes;
        deadline = now + bodyGapNanos;
    }

    /** True if the body that is arriving comes too slowly. */
    boolean isBodyTooSlow(long now) {
        long nanos = now - bodyStart;
        return bodyRate > 0
                && nanos >= RATE_GRACE_NANOS
                && bodyBytes < (double) bodyRate * nanos / TimeUnit.SECONDS.toNanos(1);
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
