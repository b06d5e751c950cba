package io.jgunicorn.config;

import io.jgunicorn.config.value.PyText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file or module that {@code -c} names, or the script that {@code run} names.
 *
 * @param name {@code file:/abs/path}, {@code python:MODULE} or {@code script:} with a list as
 *     Python text: the absolute path, then {@code sys.argv}
 * @param shown how error messages name it
 * @param notice a warning for stderr, mostly empty
 */
record ConfigSource(String name, String shown, String notice) {
    private static final String SCRIPT = "script:";
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

    /**
     * The script of {@code run SCRIPT ARGUMENTS}; empty for any other command line, {@code run}
     * being a good name for an application's module too.
     *
     * @throws ConfigFailure if there is no such file
     */
    static Optional<ConfigSource> script(List<String> arguments, Path startDirectory) {
        if (arguments.size() < 2 || !arguments.getFirst().equals("run")) {
            return Optional.empty();
        }
        String path = arguments.get(1);
        if (path.startsWith("-")) {
            return Optional.empty();
        }
        Path file = startDirectory.resolve(path).normalize();
        if (!Files.isRegularFile(file)) {
            if (path.endsWith(".py")) {
                throw ConfigFailure.error(PyText.repr(path) + " doesn't exist");
            }
            return Optional.empty();
        }
        List<String> literal = new ArrayList<>(List.of(file.toString()));
        literal.addAll(arguments.subList(1, arguments.size()));
        return Optional.of(new ConfigSource(SCRIPT + PyText.reprOf(literal), path, ""));
    }

    boolean isScript() {
        return name.startsWith(SCRIPT);
    }

    /** How operators are told where a value comes from. */
    String label() {
        return isScript() ? SCRIPT + shown : name;
    }

    boolean isFile() {
        return name.startsWith("file:");
    }
}
