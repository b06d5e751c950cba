package io.jgunicorn.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Complete responses that wait in memory for their clients to take them, of all connections
 * together. When it is full, further ones wait on disk: any number of clients that read slowly must
 * not fill the memory. Any thread.
 */
final class ResponseBacklog {
    private final long most;
    private final AtomicLong waiting = new AtomicLong();

    ResponseBacklog(long most) {
        this.most = most;
    }

    /** Whether there is room for so many more bytes; then they count until {@link #give}. */
    boolean take(int bytes) {
        if (waiting.addAndGet(bytes) <= most) {
            return true;
        }
        waiting.addAndGet(-bytes);
        return false;
    }

    void give(int bytes) {
        waiting.addAndGet(-bytes);
    }
}
