package io.jgunicorn.config;

import java.util.Optional;

/**
 * The configuration cannot be used. Carries everything the operator is to read on stderr, line ends
 * included, so that it is printed as it stands.
 */
public final class ConfigFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String setting;

    /**
     * @param exitCode 1 for a bad configuration, 2 for a bad command line, or what the
     *     configuration file exited with
     * @param text the whole text for stderr
     */
    public ConfigFailure(int exitCode, String text) {
        this(exitCode, text, "");
    }

    private ConfigFailure(int exitCode, String text, String setting) {
        super(text);
        this.exitCode = exitCode;
        this.setting = setting;
    }

    /** A failure in gunicorn's usual form: an empty line and {@code Error: MESSAGE}. */
    public static ConfigFailure error(String message) {
        return new ConfigFailure(1, "\nError: " + message + "\n");
    }

    /** The same, as the fault of one setting. */
    ConfigFailure about(String name) {
        return new ConfigFailure(exitCode, text(), name);
    }

    /** The setting at fault, if it is one. */
    Optional<String> setting() {
        return Optional.of(setting).filter(name -> !name.isEmpty());
    }

    /** The same, with where the value of the setting at fault comes from. */
    ConfigFailure from(Origin origin) {
        String place = "(" + setting + ", " + origin.label() + ")\n";
        return new ConfigFailure(exitCode, text() + place, "");
    }

    public int exitCode() {
        return exitCode;
    }

    /** The whole text for stderr. */
    public String text() {
        return getMessage();
    }
}
