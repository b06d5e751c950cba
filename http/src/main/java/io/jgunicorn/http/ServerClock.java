package io.jgunicorn.http;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * The time, for deadlines and for the Date field, whose text is made once a second. Safe on any
 * thread; two threads may both make the text of a new second, which does no harm.
 */
final class ServerClock {
    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final Clock clock;
    private final LongSupplier nanos;
    private volatile Second second = new Second(Long.MIN_VALUE, new byte[0]);

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Second(long epochSecond, byte[] line) {}

    ServerClock(Clock clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
    }

    static ServerClock system() {
        return new ServerClock(Clock.systemUTC(), System::nanoTime);
    }

    /** As {@link System#nanoTime}. */
    long nanoTime() {
        return nanos.getAsLong();
    }

    /** {@code Date: ...} with CR LF, RFC 9110 section 5.6.7. Not to be changed. */
    byte[] dateLine() {
        long now = Math.floorDiv(clock.millis(), 1000L);
        Second cached = second;
        if (cached.epochSecond() != now) {
            String text = "Date: " + IMF_FIXDATE.format(Instant.ofEpochSecond(now)) + "\r\n";
            cached = new Second(now, text.getBytes(StandardCharsets.US_ASCII));
            second = cached;
        }
        return cached.line();
    }
}
