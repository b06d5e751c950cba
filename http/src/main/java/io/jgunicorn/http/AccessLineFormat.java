package io.jgunicorn.http;

/** Makes the lines of the access log. Used by one thread, the access log's. */
interface AccessLineFormat {
    /** Appends one line with its LF. */
    void append(AccessEntry entry, StringBuilder out);
}
