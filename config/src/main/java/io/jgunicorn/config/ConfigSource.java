package io.jgunicorn.config;

import io.jgunicorn.config.value.PyText;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file or module that {@code -c} names.
 *
 * @param name {@code file:/abs/path} or {@code python:MODULE}
 * @param shown how error messages name it
 * @param notice a warning for stderr, mostly empty
 */
record ConfigSource(String name, String shown, String notice) {
    private static final String NOT_PYTHON =
            "!!!\n!!! WARNING: configuration file should have a valid Python extension.\n!!!\n\n";

    /**
     * Reads the forms {@code PATH}, {@code file:PATH} and {@code python:MODULE}.
     *
     * @throws ConfigFailure if there is no such file
     */
    static ConfigSource named(String text, Path startDirectory) {
        if (text.startsWith("python:")) {
            return new ConfigSource(text, text, "");
        }
        String path = text.startsWith("file:") ? text.substring(5) : text;
        Path file = startDirectory.resolve(path).normalize();
        if (!Files.exists(file)) {
            throw ConfigFailure.error(PyText.repr(path) + " doesn't exist");
        }
        boolean isPython = path.endsWith(".py") || path.endsWith(".pyc");
        return new ConfigSource("file:" + file, path, isPython ? "" : NOT_PYTHON);
    }

    boolean isFile() {
        return name.startsWith("file:");
    }
}
