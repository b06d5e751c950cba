package io.jgunicorn.bench.cli;

import io.jgunicorn.bench.proc.OwnChildren;
import io.jgunicorn.bench.server.Installation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs that the bench asks, and the frameworks it unpacks. */
final class Tools {
    private Tools() {}

    /**
     * Unpacks Flask and Django, unless that was done before.
     *
     * @throws IOException if they cannot be had
     */
    static void provideFrameworks(Path root, Path folder) throws IOException, InterruptedException {
        if (Files.isDirectory(folder.resolve("lib"))) {
            return;
        }
        System.err.println("bench: unpacking Flask and Django");
        Path script = root.resolve("tests/bin/python-packages");
        Process process =
                OwnChildren.start(
                        new ProcessBuilder(script.toString(), folder.toString())
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .redirectError(ProcessBuilder.Redirect.INHERIT));
        if (process.waitFor() != 0) {
            throw new IOException(script + " failed");
        }
    }

    /** The commit that is checked out, with "-dirty" if files have changed, or "unknown". */
    static String commit(Path root) {
        return firstLine("git", "-C", root.toString(), "describe", "--always", "--dirty");
    }

    /** One phrase for each program that takes part. */
    static List<String> versions(Installation installation) {
        List<String> versions = new ArrayList<>();
        versions.add(
                "JVM of the bench and of bare Netty: " + System.getProperty("java.vm.version"));
        Path distribution = installation.jgunicorn().getParent().getParent();
        versions.add(
                "jgunicorn: the distribution has "
                        + present(distribution.resolve("runtime"), "a Java runtime of its own")
                        + " and "
                        + present(distribution.resolve("aot"), "AOT caches"));
        versions.add("wrk: " + firstLine("wrk", "-v"));
        versions.add("h2load: " + firstLine("h2load", "--version"));
        versions.add("gunicorn: " + firstLine(installation.gunicorn(), "--version"));
        versions.add("uWSGI: " + firstLine(installation.uwsgi(), "--version"));
        versions.add(
                "waitress: "
                        + firstLine(
                                installation.python(),
                                "-c",
                                "from importlib.metadata import version;"
                                        + "print(version('waitress'))"));
        versions.add("Python of the peers: " + firstLine(installation.python(), "--version"));
        Path list = installation.packages().resolveSibling("packages.txt");
        if (Files.isReadable(list)) {
            try {
                versions.add("frameworks: " + String.join(" ", Files.readAllLines(list)));
            } catch (IOException e) {
                versions.add("frameworks: " + e);
            }
        }
        return versions;
    }

    private static String present(Path folder, String what) {
        return Files.isDirectory(folder) ? what : "no " + what.replaceFirst("^a ", "");
    }

    /** What a program prints first, but for errors of git and remarks of uWSGI; or "unknown". */
    private static String firstLine(String... command) {
        try {
            Process process =
                    OwnChildren.start(new ProcessBuilder(command).redirectErrorStream(true));
            process.getOutputStream().close();
            byte[] bytes = process.getInputStream().readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("fatal") && !line.startsWith("["))
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException _) {
            return "unknown";
        }
    }
}
