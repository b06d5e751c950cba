package io.jgunicorn.config;

/**
 * The configuration cannot be used. Carries everything the operator is to read on stderr, line ends
 * included, so that it is printed as it stands.
 */
public final class ConfigFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /**
     * @param exitCode 1 for a bad configuration, 2 for a bad command line, or what the
     *     configuration file exited with
     * @param text the whole text for stderr
     */
    public ConfigFailure(int exitCode, String text) {
        super(text);
        this.exitCode = exitCode;
    }

    /** A failure in gunicorn's usual form: an empty line and {@code Error: MESSAGE}. */
    public static ConfigFailure error(String message) {
        return new ConfigFailure(1, "\nError: " + message + "\n");
    }

    public int exitCode() {
        return exitCode;
    }

    /** The whole text for stderr. */
    public String text() {
        return getMessage();
    }
}
