package io.jgunicorn.bench.server;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder that servers are started in: copies of the applications and of the frameworks, and the
 * folder for caches, so that what a start leaves behind is known. In a new site every start is a
 * first one.
 */
public record Site(Path directory) {
    private static final String CACHED_CODE = "__pycache__";

    /**
     * Makes the folder and copies what is missing in it; applications are always copied.
     *
     * @throws IOException if that cannot be done
     */
    public static Site at(Path directory, Installation installation) throws IOException {
        Files.createDirectories(directory);
        Site site = new Site(directory.toRealPath());
        copy(installation.applications(), site.applications());
        if (!Files.isDirectory(site.packages()) && Files.isDirectory(installation.packages())) {
            Path part = site.directory.resolve("packages.part");
            copy(installation.packages(), part);
            Files.move(part, site.packages()); // there only when it is complete
        }
        Files.createDirectories(site.cache());
        return site;
    }

    /** The servers' working directory. */
    Path applications() {
        return directory.resolve("apps");
    }

    private Path packages() {
        return directory.resolve("packages");
    }

    private Path cache() {
        return directory.resolve("cache");
    }

    /** What to set in a server's environment. */
    Map<String, String> environment(Application application) {
        return application.frameworks()
                ? Map.of("XDG_CACHE_HOME", cache().toString(), "PYTHONPATH", packages().toString())
                : Map.of("XDG_CACHE_HOME", cache().toString());
    }

    /** Deletes the folder. */
    public void delete() throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) throws IOException {
                        if (folder.endsWith(CACHED_CODE)) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        Files.createDirectories(to.resolve(from.relativize(folder)));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Path copy = to.resolve(from.relativize(file));
                        if (!Files.exists(copy)
                                || Files.mismatch(file, copy) >= 0) { // keep what is cached by time
                            Files.deleteIfExists(copy);
                            // Debian's packages have links into packages that are not there.
                            Files.copy(file, copy, LinkOption.NOFOLLOW_LINKS);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
