package io.jgunicorn.config;

import io.jgunicorn.config.value.PyText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The PasteDeploy file that {@code --paste} names.
 *
 * @param path absolute
 * @param uri the path, and behind {@code #} which of its applications is meant, if that was said
 */
record PasteFile(String path, String uri) {
    /**
     * Reads the forms {@code FILE} and {@code FILE#NAME}.
     *
     * @throws ConfigFailure if there is no such file
     */
    static PasteFile named(String text, Path startDirectory) {
        String uri = startDirectory.resolve(text).normalize().toString();
        String path = uri.split("#", 2)[0];
        if (!Files.exists(Path.of(path))) {
            throw ConfigFailure.error(PyText.repr(path) + " not found")
                    .about("paste")
                    .from(new Origin.CommandLine());
        }
        return new PasteFile(path, uri);
    }

    /** Whether it also configures logging. */
    boolean hasLoggers() {
        try {
            return Files.readString(Path.of(path), StandardCharsets.UTF_8)
                    .lines()
                    .anyMatch(line -> line.startsWith("[loggers]"));
        } catch (IOException e) {
            throw ConfigFailure.error("cannot read " + PyText.repr(path) + ": " + e);
        }
    }
}
