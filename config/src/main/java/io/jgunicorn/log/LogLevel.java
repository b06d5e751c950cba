package io.jgunicorn.log;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

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
        return find(name).orElse(INFO);
    }

    /** Whether a {@code loglevel} setting names a level. */
    public static boolean isName(String name) {
        return find(name).isPresent();
    }

    private static Optional<LogLevel> find(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter(level -> level.lowerName().equals(lower)).findFirst();
    }
}
