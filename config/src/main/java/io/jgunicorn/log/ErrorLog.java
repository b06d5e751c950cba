package io.jgunicorn.log;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * The error log. The wording of lifecycle lines is an interface: operators grep it. Safe on any
 * thread.
 */
public final class ErrorLog implements AutoCloseable {
    private static final Duration FLUSH_TIME = Duration.ofSeconds(1);

    private final LogTarget target;
    private volatile LogLevel threshold;
    private volatile List<LogEcho> echoes = List.of();

    public ErrorLog(LogTarget target, LogLevel threshold) {
        this.target = target;
        this.threshold = threshold;
    }

    public ErrorLog(LogFile file, LogLevel threshold, Clock clock) {
        this(new PlainTarget(file, clock), threshold);
    }

    /**
     * The log that {@code errorlog} and {@code loglevel} ask for, with the local time. Nobody who
     * logs waits for the file: a thread of its own writes.
     *
     * @throws IOException if the file cannot be opened
     */
    public static ErrorLog open(String destination, String level) throws IOException {
        return new ErrorLog(PlainTarget.open(destination), LogLevel.named(level));
    }

    /** Who is told of each message too; closed with this log, or when others take their place. */
    public void echo(List<LogEcho> others) {
        List<LogEcho> before = echoes;
        echoes = List.copyOf(others);
        before.forEach(LogEcho::close);
    }

    public boolean isEnabled(LogLevel level) {
        return level.compareTo(threshold) >= 0;
    }

    /** The least level that is written. */
    public LogLevel threshold() {
        return threshold;
    }

    /** An operator, or a configuration, wants another least level. */
    public void setThreshold(LogLevel threshold) {
        this.threshold = threshold;
        target.setThreshold(threshold);
    }

    /** The target takes what is of this level and above, by settings of its own. */
    public void followTarget(LogLevel least) {
        this.threshold = least;
    }

    public void debug(String message) {
        log(LogLevel.DEBUG, message);
    }

    public void info(String message) {
        log(LogLevel.INFO, message);
    }

    public void warning(String message) {
        log(LogLevel.WARNING, message);
    }

    public void error(String message) {
        log(LogLevel.ERROR, message);
    }

    /**
     * Logs a message followed by the failure's stack trace: for failures that are ours to mend, not
     * the operator's.
     */
    public void error(String message, Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        log(LogLevel.ERROR, message + "\n" + text.toString().stripTrailing());
    }

    public void critical(String message) {
        log(LogLevel.CRITICAL, message);
    }

    /** Writes the message, which may hold several lines, if its level is enabled. */
    public void log(LogLevel level, String message) {
        if (isEnabled(level)) {
            target.write(level, message);
            for (LogEcho echo : echoes) {
                echo.logged(level, message);
            }
        }
    }

    /**
     * A metric, for StatsD if that is wanted.
     *
     * @param type {@code gauge}, {@code counter}, {@code histogram} or {@code timer}
     */
    public void metric(String name, String value, String type) {
        for (LogEcho echo : echoes) {
            echo.metric(name, value, type);
        }
    }

    /**
     * Writes text as it is, without a prefix: what the application prints to {@code wsgi.errors}.
     */
    public void raw(String text) {
        target.raw(text);
    }

    /** Waits up to a second until what has been logged so far is written. */
    public void flush() {
        target.flush(FLUSH_TIME);
    }

    /** Opens the log file anew; it is told in the old one when that fails. */
    public void reopen() {
        try {
            target.reopen();
        } catch (IOException e) {
            error("Can't reopen the error log: " + e.getMessage());
        }
    }

    /** Writes what waits, for some seconds at most. */
    @Override
    public void close() throws IOException {
        echo(List.of());
        target.close();
    }
}
