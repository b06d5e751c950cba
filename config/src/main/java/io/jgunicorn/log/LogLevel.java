package io.jgunicorn.log;

import java.util.Locale;

/**
 * Levels of the error log, weakest first; names as in Python's logging and gunicorn's {@code
 * loglevel}.
 */
public enum LogLevel {
    DEBUG,
    INFO,
    WARNING,
    ERROR,
    CRITICAL;

    /** As settings have it: {@code info}. */
    public String lowerName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The level a {@code loglevel} setting names, in any case; an unknown name means info, as in
     * gunicorn.
     */
    public static LogLevel named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "debug" -> DEBUG;
            case "warning", "warn" -> WARNING;
            case "error" -> ERROR;
            case "critical", "fatal" -> CRITICAL;
            default -> INFO;
        };
    }
}
