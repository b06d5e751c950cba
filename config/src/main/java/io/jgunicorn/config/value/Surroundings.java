package io.jgunicorn.config.value;

import io.jgunicorn.os.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What defaults and rules look at besides the value itself.
 *
 * @param environment variables of this process
 * @param startDirectory absolute folder the server was started in
 * @param euid effective user id
 * @param egid effective group id
 */
public record Surroundings(
        Map<String, String> environment, Path startDirectory, long euid, long egid) {
    public Surroundings {
        environment = Map.copyOf(environment);
        startDirectory = startDirectory.toAbsolutePath().normalize();
    }

    /** Those of this process; the start directory keeps the links of {@code $PWD}. */
    public static Surroundings current() {
        Map<String, String> environment = System.getenv();
        Path folder = Path.of("").toAbsolutePath();
        String shell = environment.getOrDefault("PWD", "");
        if (!shell.isEmpty() && isSame(Path.of(shell), folder)) {
            folder = Path.of(shell);
        }
        return new Surroundings(environment, folder, LibC.geteuid(), LibC.getegid());
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException _) {
            return false;
        }
    }
}
