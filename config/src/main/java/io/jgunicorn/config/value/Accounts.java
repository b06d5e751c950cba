package io.jgunicorn.config.value;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Numbers of local users and groups; those of a directory service are not found. */
public final class Accounts {
    private static final Path USERS = Path.of("/etc/passwd");

    private Accounts() {}

    static Optional<Long> id(Path file, String name) {
        return entries(file)
                .filter(fields -> fields[0].equals(name))
                .findFirst()
                .flatMap(fields -> PyInt.decimal(fields[2]));
    }

    /** The name of a local user. */
    public static Optional<String> userName(long uid) {
        return entries(USERS)
                .filter(fields -> PyInt.decimal(fields[2]).equals(Optional.of(uid)))
                .findFirst()
                .map(fields -> fields[0]);
    }

    private static Stream<String[]> entries(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.split(":", -1))
                    .filter(fields -> fields.length > 2);
        } catch (IOException _) {
            return Stream.empty();
        }
    }
}
