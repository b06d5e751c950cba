package io.jgunicorn.supervisor;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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
     * @param output where stdout goes
     * @param errors where stderr goes
     */
    record Child(
            List<String> line,
            Map<String, String> environment,
            Path directory,
            Redirect output,
            Redirect errors) {
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
        builder.redirectOutput(child.output());
        builder.redirectError(child.errors());
        return builder.start();
    }
}
