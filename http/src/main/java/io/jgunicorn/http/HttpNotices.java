package io.jgunicorn.http;

/**
 * What the HTTP layer has to say to the operator. Called on the event loop, on the access log's
 * thread and on application threads: an implementation must be safe on any thread and quick.
 */
public interface HttpNotices {

    /**
     * For the error log at level WARNING, for example {@code Invalid request from ip=...: text}.
     */
    void warning(String message);

    /** For the error log at level DEBUG. */
    void debug(String message);

    /** Says nothing. */
    static HttpNotices silent() {
        return new HttpNotices() {
            @Override
            public void warning(String message) {}

            @Override
            public void debug(String message) {}
        };
    }
}
