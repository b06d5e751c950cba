package io.jgunicorn.supervisor;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts child processes. The JDK's launcher unblocks all signals and closes every other descriptor
 * in the child, so nothing of the master but what is said here is passed on. Stateless.
 */
final class ProcessLauncher {
    private ProcessLauncher() {}

    /**
     * What a child gets.
     *
     * @param line program and arguments
     * @param environment all of it
     * @param output file that stdout and stderr are appended to; empty: the master's own
     */
    record Child(
            List<String> line,
            Map<String, String> environment,
            Path directory,
            Optional<Path> output) {
        Child {
            line = List.copyOf(line);
            environment = Map.copyOf(environment);
        }
    }

    static Process start(Child child) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(child.line());
        builder.directory(child.directory().toFile());
        builder.environment().clear();
        builder.environment().putAll(child.environment());
        builder.redirectInput(new File("/dev/null"));
        Redirect output =
                child.output()
                        .map(path -> Redirect.appendTo(path.toFile()))
                        .orElse(Redirect.INHERIT);
        builder.redirectOutput(output);
        builder.redirectError(output);
        return builder.start();
    }
}
