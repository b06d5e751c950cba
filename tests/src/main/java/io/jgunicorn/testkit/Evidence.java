package io.jgunicorn.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is kept of a server when its test failed, taken while the server still runs: log, command
 * line, small files of the working directory, and the thread dump of each of its JVMs.
 */
final class Evidence {
    private static final long SMALL = 1 << 20;

    private Evidence() {}

    /** Writes everything below {@code target/evidence/<test>}; a problem in doing so is noted. */
    static Path keep(String test, int number, ServerProcess server) {
        Path folder =
                Path.of(System.getProperty("basedir", "."), "target/evidence", test, "" + number)
                        .toAbsolutePath()
                        .normalize();
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve("command.txt"),
                    "cd " + server.directory() + "\n" + String.join(" ", server.command()) + "\n");
            List<String> lines =
                    server.log().snapshot().stream()
                            .map(line -> line.stream() + " " + line.text())
                            .toList();
            Files.write(folder.resolve("server.log"), lines);
            copyFiles(server.directory(), folder.resolve("directory"));
            for (long pid : server.family()) {
                Files.writeString(folder.resolve("process-" + pid + ".txt"), describe(pid));
            }
        } catch (IOException e) {
            System.err.println("evidence in " + folder + " is incomplete: " + e);
        }
        return folder;
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (Files.isRegularFile(path) && Files.size(path) < SMALL) {
                    Path copy = to.resolve(from.relativize(path));
                    Files.createDirectories(copy.getParent());
                    Files.writeString(
                            copy,
                            Files.readString(path, StandardCharsets.ISO_8859_1),
                            StandardCharsets.ISO_8859_1);
                }
            }
        }
    }

    private static String describe(long pid) throws IOException {
        List<String> command = ProcessTree.commandLine(pid);
        String text = String.join(" ", command) + "\n";
        boolean isJava =
                command.stream()
                        .limit(1)
                        .anyMatch(word -> word.endsWith("java") || word.startsWith("gunicorn: "));
        return isJava ? text + Jcmd.ask(pid, "Thread.print", "-l") : text;
    }
}
