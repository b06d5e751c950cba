package io.jgunicorn.http;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** A time to the second as text, made once for each second. Used by one thread. */
final class SecondText {
    private final DateTimeFormatter format;
    private long made = Long.MIN_VALUE;
    private String text = "";

    /**
     * @param format without fractions of a second
     */
    SecondText(DateTimeFormatter format, ZoneId zone) {
        this.format = format.withZone(zone);
    }

    /** The second that this time of a clock, in milliseconds since 1970, is in. */
    String at(long millis) {
        long second = Math.floorDiv(millis, 1000L);
        if (second != made) {
            text = format.format(Instant.ofEpochSecond(second));
            made = second;
        }
        return text;
    }
}
