package io.jgunicorn.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The AOT caches of a distribution (JEP 483, 514, 515): classes of master and worker as a training
 * run left them, loaded and linked. They hold for these jars and this runtime only, and for the
 * Python files that were run.
 *
 * @param dist the distribution, with its {@code runtime}
 */
record AotCaches(Path dist) {
    Path folder() {
        return dist.resolve("aot");
    }

    Path master() {
        return folder().resolve("master.aot");
    }

    Path worker() {
        return folder().resolve("worker.aot");
    }

    private Path madeOf() {
        return folder().resolve("made-of");
    }

    /** True if the caches are there and hold for the jars that are there. */
    boolean areCurrent() throws IOException {
        return Files.exists(master())
                && Files.exists(worker())
                && Files.exists(madeOf())
                && Files.readString(madeOf()).equals(key());
    }

    /** Notes what the caches were made of. */
    void complete() throws IOException {
        Files.writeString(madeOf(), key());
    }

    private List<Path> sources(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(dist.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".py")).sorted().toList();
        }
    }

    /** The JVM itself compares size and modification time of each jar. */
    private String key() throws IOException {
        List<Path> files = new ArrayList<>(Jars.in(dist.resolve("lib/app")));
        files.add(dist.resolve("lib/jgunicorn.jar"));
        files.add(dist.resolve("bin/jgunicorn")); // the options of the master's JVM
        files.add(dist.resolve("runtime/lib/modules"));
        files.addAll(sources("python"));
        files.addAll(sources("lib/training"));
        StringBuilder key = new StringBuilder(TrainingRun.OPTIONS).append('\n');
        for (Path file : files) {
            key.append(file.getFileName())
                    .append(' ')
                    .append(Files.size(file))
                    .append(' ')
                    .append(Files.getLastModifiedTime(file).toMillis() / 1000)
                    .append('\n');
        }
        return key.toString();
    }
}
