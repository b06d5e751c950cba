package io.jgunicorn.log;

/** Told of each message of an {@link ErrorLog}, beside its file. Any thread; must not wait. */
public interface LogEcho extends AutoCloseable {
    /** A message whose level is enabled; it may hold several lines. */
    void logged(LogLevel level, String message);

    /**
     * A metric.
     *
     * @param type {@code gauge}, {@code counter}, {@code histogram} or {@code timer}
     */
    default void metric(String name, String value, String type) {}

    /** Sends what waits, for a moment at most. */
    @Override
    void close();
}
