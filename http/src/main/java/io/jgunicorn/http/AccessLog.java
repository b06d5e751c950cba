package io.jgunicorn.http;

import io.jgunicorn.log.LogFile;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The access log: any thread hands in an entry without waiting, a thread of its own formats and
 * writes. At most 8192 entries wait; more are dropped, counted, and reported.
 */
public final class AccessLog implements AutoCloseable {
    private static final int CAPACITY = 8192;
    private static final int BATCH = 512;

    private final AccessLogFormat format;
    private final LogFile file;
    private final HttpNotices notices;
    private final BlockingQueue<AccessEntry> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final LongAdder dropped = new LongAdder();
    private final Thread writer;
    private volatile boolean closing;

    private AccessLog(AccessLogFormat format, LogFile file, HttpNotices notices) {
        this.format = format;
        this.file = file;
        this.notices = notices;
        this.writer =
                Thread.ofPlatform()
                        .name("jgunicorn-access-log")
                        .daemon(true)
                        .unstarted(this::writeUntilClosed);
    }

    /**
     * Starts the log.
     *
     * @param format {@code access_log_format}
     * @param scriptName SCRIPT_NAME of the process environment, or empty
     * @param file where lines go; stays the caller's to reopen and close
     */
    public static AccessLog start(
            String format, String scriptName, LogFile file, Clock clock, HttpNotices notices) {
        AccessLogFormat compiled =
                AccessLogFormat.compile(format, clock, new EnvironKeys(scriptName));
        AccessLog log = new AccessLog(compiled, file, notices);
        log.writer.start();
        return log;
    }

    /** Names of the {@code {name}e} atoms, in lower case: what the worker should hand over. */
    public List<String> environNames() {
        return format.environNames();
    }

    /** Hands in one entry; never waits. */
    void add(AccessEntry entry) {
        if (!queue.offer(entry)) {
            dropped.increment();
        }
    }

    private void writeUntilClosed() {
        List<AccessEntry> batch = new ArrayList<>(BATCH);
        StringBuilder lines = new StringBuilder(BATCH * 128);
        try {
            while (!closing || !queue.isEmpty()) {
                AccessEntry first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, BATCH - 1);
                    for (AccessEntry entry : batch) {
                        format.append(entry, lines);
                    }
                    file.write(lines.toString());
                    batch.clear();
                    lines.setLength(0);
                }
                reportDropped();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void reportDropped() {
        long lost = dropped.sumThenReset();
        if (lost > 0) {
            notices.warning("Access log too slow: " + lost + " lines dropped");
        }
    }

    /** Writes what is waiting, for at most five seconds, and stops. */
    @Override
    public void close() {
        closing = true;
        try {
            if (!writer.join(java.time.Duration.ofSeconds(5))) {
                writer.interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
