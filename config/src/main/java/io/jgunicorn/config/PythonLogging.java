package io.jgunicorn.config;

import java.util.Map;
import java.util.Set;

/**
 * Whether error log and access log go through Python's logging: they do when one of {@code
 * logconfig}, {@code logconfig_dict}, {@code logconfig_json} and {@code logger_class} asks for what
 * our own writers cannot know. Stateless.
 */
public final class PythonLogging {
    private static final Set<String> PLAIN_CLASSES = Set.of("gunicorn.glogging.Logger", "simple");

    private PythonLogging() {}

    /**
     * Whether a configuration asks for it.
     *
     * @param settings effective settings by name
     */
    public static boolean isWantedBy(Map<String, Object> settings) {
        return isSet(settings.get("logconfig"))
                || isSet(settings.get("logconfig_json"))
                || isSet(settings.get("logconfig_dict"))
                || hasOwnLogger(settings);
    }

    /** Whether its {@code logger_class} is another one than gunicorn's. */
    public static boolean hasOwnLogger(Map<String, Object> settings) {
        return !PLAIN_CLASSES.contains(loggerClass(settings));
    }

    /** The class of {@code logger_class}, as {@code module.name}. */
    public static String loggerClass(Map<String, Object> settings) {
        return settings.get("logger_class") instanceof String name && !name.isEmpty()
                ? name
                : "gunicorn.glogging.Logger";
    }

    private static boolean isSet(Object value) {
        return switch (value) {
            case String text -> !text.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case null, default -> false;
        };
    }
}
