package io.jgunicorn.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A command that has run to its end, and what it said. May be made on several threads at a time.
 *
 * @param output lines of stdout
 * @param errors lines of stderr
 * @param directory where it ran; gone by now
 */
public record Invocation(int exitCode, List<String> output, List<String> errors, String directory) {
    public Invocation {
        output = List.copyOf(output);
        errors = List.copyOf(errors);
    }

    /** Runs the server under test. */
    public static Invocation ofProduct(Launch launch) {
        return run(Product.underTest().unjudged(), launch);
    }

    /** Runs Debian's newest gunicorn. */
    public static Invocation ofGunicorn(Launch launch) {
        return run(
                Product.reference(),
                launch.env("PYTHONPATH", PythonPackages.newestGunicorn().toString()));
    }

    private static Invocation run(Product product, Launch launch) {
        try (ServerProcess process = ServerProcess.start(product, launch)) {
            int exitCode = process.awaitExit();
            return new Invocation(
                    exitCode,
                    lines(process, LogLines.Stream.OUT),
                    lines(process, LogLines.Stream.ERR),
                    process.directory().toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + product.command(), e);
        }
    }

    private static List<String> lines(ServerProcess process, LogLines.Stream stream) {
        return process.log().snapshot().stream()
                .filter(line -> line.stream() == stream)
                .map(LogLines.Line::text)
                .toList();
    }
}
