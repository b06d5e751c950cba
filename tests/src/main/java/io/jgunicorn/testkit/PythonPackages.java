package io.jgunicorn.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Flask, Django and what they need, unpacked once under {@code target} by a script. */
final class PythonPackages {
    private PythonPackages() {}

    /** The folder for PYTHONPATH; filled if it is not there yet. */
    static synchronized Path folder() {
        Path base = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();
        Path target = base.resolve("target/python-packages");
        Path library = target.resolve("lib");
        if (!Files.isDirectory(library)) {
            run(base.resolve("bin/python-packages"), target);
        }
        return library;
    }

    private static void run(Path script, Path target) {
        try {
            Process process =
                    new ProcessBuilder(script.toString(), target.toString())
                            .redirectErrorStream(true)
                            .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Need.that(process.waitFor() == 0, script + " failed:\n" + output);
        } catch (IOException e) {
            throw new IllegalStateException("cannot run " + script, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while unpacking packages", e);
        }
    }
}
