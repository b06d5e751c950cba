package io.jgunicorn.http;

import java.nio.file.Path;

/**
 * A request's body, complete: small ones in memory, large ones in a file that is gone when the
 * exchange has ended.
 */
public sealed interface RequestBody {

    /** No bytes. */
    record Empty() implements RequestBody {}

    /** Up to 64 KiB, in memory. */
    @SuppressWarnings("ArrayRecordComponent") // never compared: a carrier of bytes
    record InMemory(byte[] bytes) implements RequestBody {}

    /**
     * In a file, to be opened for reading before the exchange ends. On Linux this is {@code
     * /proc/self/fd/N}: the file itself has no name any more, so that none stays behind.
     */
    record Spooled(Path file, long length) implements RequestBody {}
}
