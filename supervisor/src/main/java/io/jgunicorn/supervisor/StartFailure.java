package io.jgunicorn.supervisor;

/** The server cannot start, or shall not any more; what was started is to be undone. */
final class StartFailure extends Exception {
    private final int exitCode;

    /** Whoever throws has logged why. */
    StartFailure(int exitCode) {
        this(exitCode, "");
    }

    StartFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
