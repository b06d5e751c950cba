package io.jgunicorn.http;

import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogQueue;
import io.jgunicorn.log.Statsd;
import io.jgunicorn.log.Syslog;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The access log: any thread hands in an entry without waiting, a thread of its own formats and
 * writes. At most 8192 entries wait; more are dropped, counted, and reported.
 */
public final class AccessLog implements AutoCloseable {
    private static final LogQueue.Bounds BOUNDS =
            LogQueue.Bounds.of(8192, 16L << 20, Duration.ofMillis(5));

    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    /**
     * What is written of each request.
     *
     * @param json whether lines are JSON objects
     * @param format {@code access_log_format}, for lines that are not
     * @param scriptName SCRIPT_NAME of the process environment, or empty
     */
    public record Lines(boolean json, String format, String scriptName) {}

    /**
     * Where it goes; all stay the caller's to close.
     *
     * @param file takes the lines
     * @param syslog takes the lines
     * @param statsd is told how long requests took and how they ended
     */
    public record Destinations(
            Optional<LogFile> file, Optional<Syslog> syslog, Optional<Statsd> statsd) {
        /** A file alone. */
        public static Destinations of(LogFile file) {
            return new Destinations(Optional.of(file), Optional.empty(), Optional.empty());
        }

        /** False if nobody wants to know anything. */
        public boolean any() {
            return file.isPresent() || syslog.isPresent() || statsd.isPresent();
        }

        private boolean takeLines() {
            return file.isPresent() || syslog.isPresent();
        }
    }

    private final AccessLineFormat format;
    private final List<String> environNames;
    private final Destinations destinations;
    private final HttpNotices notices;
    private final LogQueue<AccessEntry> queue;

    // Of the queue's thread.
    private final StringBuilder lines = new StringBuilder();

    private AccessLog(
            AccessLineFormat format,
            List<String> environNames,
            Destinations destinations,
            HttpNotices notices) {
        this.format = format;
        this.environNames = environNames;
        this.destinations = destinations;
        this.notices = notices;
        this.queue =
                LogQueue.started(
                        "jgunicorn-access-log",
                        BOUNDS,
                        new LogQueue.Sink<>() {
                            @Override
                            public void write(List<AccessEntry> batch) {
                                AccessLog.this.write(batch);
                            }

                            @Override
                            public void dropped(long count) {
                                reportDropped(count);
                            }
                        });
    }

    /** Starts the log. */
    public static AccessLog start(
            Lines lines, Destinations destinations, Clock clock, HttpNotices notices) {
        if (lines.json()) {
            return new AccessLog(new JsonLine(clock), List.of(), destinations, notices);
        }
        AccessLogFormat compiled =
                AccessLogFormat.compile(lines.format(), clock, new EnvironKeys(lines.scriptName()));
        return new AccessLog(
                compiled,
                destinations.takeLines() ? compiled.environNames() : List.of(),
                destinations,
                notices);
    }

    /** Names of the {@code {name}e} atoms, in lower case: what the worker should hand over. */
    public List<String> environNames() {
        return environNames;
    }

    /** Hands in one entry; never waits. */
    void add(AccessEntry entry) {
        queue.offer(entry, entry.weight(), false);
    }

    private void write(List<AccessEntry> batch) {
        try {
            writeLines(batch);
        } catch (RuntimeException e) {
            lines.setLength(0); // the batch counts as lost
            throw e;
        }
    }

    private void writeLines(List<AccessEntry> batch) {
        int most = destinations.file().map(LogFile::pieceBytes).orElse(0);
        for (AccessEntry entry : batch) {
            destinations.statsd().ifPresent(told -> told.request(entry.status(), entry.nanos()));
            if (destinations.takeLines()) {
                int start = lines.length();
                format.append(entry, lines);
                if (destinations.syslog().isPresent()) {
                    destinations.syslog().get().access(lines.substring(start, lines.length() - 1));
                }
                if (lines.length() > most && start > 0) {
                    writeOut(start);
                }
            }
        }
        writeOut(lines.length());
    }

    /** Whole lines up to an index. */
    private void writeOut(int end) {
        if (destinations.file().isPresent() && end > 0) {
            destinations.file().get().write(lines.substring(0, end));
        }
        lines.delete(0, end);
    }

    private void reportDropped(long count) {
        notices.warning(
                count + " access log lines were dropped: the log could not be written in time");
    }

    /** Opens the file anew, after a rotation; soon, and on the thread that writes it. */
    public void reopen() {
        queue.run(
                () -> {
                    try {
                        if (destinations.file().isPresent()) {
                            destinations.file().get().reopen();
                        }
                    } catch (IOException e) {
                        notices.warning("Can't reopen the access log: " + e.getMessage());
                    }
                });
    }

    /** Writes what is waiting, for at most three seconds, and stops. */
    @Override
    public void close() {
        long lost = queue.close(LAST_WORDS).count();
        if (lost > 0) {
            reportDropped(lost);
        }
    }
}
