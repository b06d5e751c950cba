package io.jgunicorn.supervisor;

import io.jgunicorn.log.ErrorLog;
import java.util.ArrayDeque;
import java.util.Deque;

/** What has been started, to be closed in reverse order, always all of it. One thread uses it. */
final class Undo implements AutoCloseable {
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final ErrorLog log;

    Undo(ErrorLog log) {
        this.log = log;
    }

    /** Remembers it and returns it. */
    <T extends AutoCloseable> T add(T part) {
        started.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            AutoCloseable part = started.pop();
            try {
                part.close();
            } catch (Exception e) {
                log.error("Closing " + part.getClass().getSimpleName() + " failed", e);
            }
        }
    }
}
