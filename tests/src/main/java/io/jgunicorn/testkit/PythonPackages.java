package io.jgunicorn.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Flask, Django, gunicorn and what they need, unpacked once under {@code target} by a script. */
final class PythonPackages {
    private PythonPackages() {}

    /** Flask and Django, for PYTHONPATH. */
    static Path frameworks() {
        return folder("lib");
    }

    /** The gunicorn of the stable release, for PYTHONPATH. */
    static Path gunicorn() {
        return folder("gunicorn");
    }

    /** Debian's newest gunicorn, for PYTHONPATH. */
    static Path newestGunicorn() {
        return folder("newest-gunicorn");
    }

    /** PasteDeploy, for PYTHONPATH. */
    static Path pasteDeploy() {
        return folder("paste");
    }

    private static synchronized Path folder(String name) {
        Path base = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();
        Path target = base.resolve("target/python-packages");
        Path folder = target.resolve(name);
        if (!Files.isDirectory(folder)) {
            run(base.resolve("bin/python-packages"), target);
        }
        return folder;
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
