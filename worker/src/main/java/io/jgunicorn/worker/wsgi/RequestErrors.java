package io.jgunicorn.worker.wsgi;

import io.jgunicorn.log.ErrorLog;

/** Where it is told that a request went wrong. Called on the Python thread that runs it. */
public interface RequestErrors {
    /** What the application did cannot be served. */
    void report(String message);

    /**
     * The application raised.
     *
     * @param traceback as Python formats it, several lines
     */
    void raised(String message, String traceback);

    /** A failure that is ours to mend. */
    void failed(String message, Throwable failure);

    /** Into the error log, for requests of clients. */
    static RequestErrors into(ErrorLog log) {
        return new RequestErrors() {
            @Override
            public void report(String message) {
                log.error(message);
            }

            @Override
            public void raised(String message, String traceback) {
                log.error(message + "\n" + traceback);
            }

            @Override
            public void failed(String message, Throwable failure) {
                log.error(message, failure);
            }
        };
    }
}
