package io.jgunicorn.worker;

import java.nio.file.Path;
import java.time.Duration;

/** When it is time to look at watched files again. Used by the watching thread but for the end. */
interface SourceEvents extends AutoCloseable {
    /** A file or a folder that matters; said again now and then. */
    void watch(Path file);

    /**
     * Waits until something may have happened to a watched file.
     *
     * @return true if something has happened where one is; false if the time is over
     */
    boolean await(Duration longest) throws InterruptedException;

    /** Ends {@link #await}, now and for ever. Any thread. */
    @Override
    void close();
}
