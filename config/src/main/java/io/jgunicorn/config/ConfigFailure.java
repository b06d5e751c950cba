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
    private final String report;

    /**
     * @param exitCode 1 for a bad configuration, 2 for a bad command line, or what the
     *     configuration file exited with
     * @param text the whole text for stderr
     */
    public ConfigFailure(int exitCode, String text) {
        this(exitCode, text, "", "");
    }

    private ConfigFailure(int exitCode, String text, String setting, String report) {
        super(text);
        this.exitCode = exitCode;
        this.setting = setting;
        this.report = report;
    }

    /** A failure in gunicorn's usual form: an empty line and {@code Error: MESSAGE}. */
    public static ConfigFailure error(String message) {
        return new ConfigFailure(1, "\nError: " + message + "\n");
    }

    /** The same, as the fault of one setting. */
    ConfigFailure about(String name) {
        return new ConfigFailure(exitCode, text(), name, report);
    }

    /** The setting at fault, if it is one. */
    Optional<String> setting() {
        return Optional.of(setting).filter(name -> !name.isEmpty());
    }

    /** The same, with where the value of the setting at fault comes from. */
    ConfigFailure from(Origin origin) {
        String place = "(" + setting + ", " + origin.label() + ")\n";
        return new ConfigFailure(exitCode, text() + place, "", report);
    }

    /** The same, with a warning before it. */
    ConfigFailure after(String notice) {
        return new ConfigFailure(exitCode, notice + text(), setting, report);
    }

    /** The same, of settings that have been merged and can be shown. */
    ConfigFailure reporting(String settings) {
        return new ConfigFailure(exitCode, text(), setting, settings);
    }

    /** What {@code --print-config} prints all the same, for stdout; empty if it was not asked. */
    public String report() {
        return report;
    }

    public int exitCode() {
        return exitCode;
    }

    /** The whole text for stderr. */
    public String text() {
        return getMessage();
    }
}
