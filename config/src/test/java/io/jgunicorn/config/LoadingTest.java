package io.jgunicorn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jgunicorn.config.cli.GunicornCommand;
import io.jgunicorn.python.SharedPython;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Loads configurations from a folder of the test's own. */
abstract class LoadingTest {
    @TempDir Path folder;

    final LoadResult result(Map<String, String> environment, String... arguments) {
        return new ConfigLoader(
                        new GunicornCommand("1.2.3", Map.of()),
                        SharedPython.host(),
                        Given.in(folder, environment))
                .load(List.of(arguments));
    }

    final LoadedConfig load(String... arguments) {
        return (LoadedConfig) result(Map.of(), arguments);
    }

    final ConfigFailure failure(String... arguments) {
        ConfigFailure failure =
                catchThrowableOfType(ConfigFailure.class, () -> result(Map.of(), arguments));
        assertThat(failure).as("failure").isNotNull();
        return failure;
    }

    final void file(String name, String... lines) throws IOException {
        Files.write(folder.resolve(name), List.of(lines));
    }
}
