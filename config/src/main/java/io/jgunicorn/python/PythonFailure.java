package io.jgunicorn.python;

import java.util.OptionalInt;

/** Python code raised an exception that nothing caught. Holds text only, no guest object. */
public final class PythonFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String traceback;
    private final int exitCode;

    /**
     * @param message the exception's own text
     * @param traceback what Python would print, ending in a line end
     */
    public PythonFailure(String message, String traceback) {
        this(message, traceback, -1);
    }

    private PythonFailure(String message, String traceback, int exitCode) {
        super(message);
        this.traceback = traceback;
        this.exitCode = exitCode;
    }

    /**
     * The code asked to exit.
     *
     * @param message what it wants on stderr, may be empty
     */
    public static PythonFailure exit(String message, int exitCode) {
        return new PythonFailure(message, "", exitCode);
    }

    /** What Python would print. */
    public String traceback() {
        return traceback;
    }

    /** The status the code exited with, if it did. */
    public OptionalInt exitCode() {
        return exitCode < 0 ? OptionalInt.empty() : OptionalInt.of(exitCode);
    }
}
