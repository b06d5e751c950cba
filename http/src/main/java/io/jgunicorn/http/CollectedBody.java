package io.jgunicorn.http;

import java.io.IOException;
import java.util.Optional;

/**
 * A whole request body, and what must be closed when its exchange has ended. Immutable but for
 * that.
 */
record CollectedBody(RequestBody body, Optional<SpoolFile> file) {
    static final CollectedBody EMPTY = new CollectedBody(new RequestBody.Empty(), Optional.empty());

    /** Bytes of it. */
    long length() {
        return switch (body) {
            case RequestBody.Empty() -> 0;
            case RequestBody.InMemory(byte[] bytes) -> bytes.length;
            case RequestBody.Spooled(var _, long length) -> length;
        };
    }

    /** May be called again. Not before the application has had its chance to open the file. */
    void dispose(HttpNotices notices) {
        if (file.isPresent()) {
            try {
                file.get().close();
            } catch (IOException e) {
                notices.warning("Can't close a stored request body: " + e.getMessage());
            }
        }
    }
}
