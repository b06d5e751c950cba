package io.jgunicorn.log;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A file, in gunicorn's format: {@code [2026-11-21 01:39:05 +0000] [PID] [INFO] message}, local
 * time. Written by the calling thread, unless it was {@link #open}ed here.
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

    /**
     * What {@code errorlog} names. Nobody who logs waits for the file: a thread of its own writes.
     *
     * @throws IOException if the file cannot be opened
     */
    public static PlainTarget open(String destination) throws IOException {
        LogFile file = LogFile.named(destination, LogFile.stderr());
        PlainTarget target = new PlainTarget(file, Clock.system(ZoneId.systemDefault()));
        file.inBackground("jgunicorn-error-log", target::dropReport);
        return target;
    }

    private String dropReport(long count) {
        return line(
                clock.instant(),
                LogLevel.WARNING,
                count + " error log lines were dropped: the log could not be written in time");
    }

    @Override
    public void write(LogLevel level, String message) {
        write(clock.instant(), level, message);
    }

    /** Writes a message of some moments ago. */
    public void write(Instant when, LogLevel level, String message) {
        file.write(line(when, level, message), level == LogLevel.CRITICAL);
    }

    private String line(Instant when, LogLevel level, String message) {
        return "["
                + TIME.format(ZonedDateTime.ofInstant(when, clock.getZone()))
                + "] ["
                + pid
                + "] ["
                + level
                + "] "
                + message
                + "\n";
    }

    @Override
    public void flush(Duration atMost) {
        file.flush(atMost);
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
