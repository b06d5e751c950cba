package io.jgunicorn.log;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A file, in gunicorn's format: {@code [2026-11-21 01:39:05 +0000] [PID] [INFO] message}, local
 * time. Written by the calling thread.
 */
public final class PlainTarget implements LogTarget {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xx", Locale.ROOT);

    private final LogFile file;
    private final Clock clock;
    private final long pid = ProcessHandle.current().pid();

    public PlainTarget(LogFile file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    @Override
    public void write(LogLevel level, String message) {
        write(clock.instant(), level, message);
    }

    /** Writes a message of some moments ago. */
    public void write(Instant when, LogLevel level, String message) {
        file.write(
                "["
                        + TIME.format(ZonedDateTime.ofInstant(when, clock.getZone()))
                        + "] ["
                        + pid
                        + "] ["
                        + level
                        + "] "
                        + message
                        + "\n");
    }

    @Override
    public void raw(String text) {
        file.write(text);
    }

    @Override
    public void reopen() throws IOException {
        file.reopen();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
