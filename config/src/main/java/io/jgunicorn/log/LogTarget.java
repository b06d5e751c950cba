package io.jgunicorn.log;

import java.io.IOException;
import java.time.Duration;

/**
 * Where the lines of an {@link ErrorLog} go. Safe on any thread; no method waits for another
 * process, for a client or for the Python interpreter, but {@link #flush} and {@link #close}, which
 * say how long.
 */
public interface LogTarget extends AutoCloseable {
    /** Takes a message, which may hold several lines; its level is enabled. */
    void write(LogLevel level, String message);

    /** Takes text as it is, line ends included. */
    void raw(String text);

    /** An operator wants another least level; targets with levels of their own follow. */
    default void setThreshold(LogLevel level) {}

    /** Waits, but no longer than that, until what has been taken so far is written. */
    default void flush(Duration atMost) {}

    /** Opens files anew, after a rotation. */
    void reopen() throws IOException;

    /** Writes what waits, for some seconds at most. */
    @Override
    void close() throws IOException;
}
