package io.jgunicorn.worker;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;

/**
 * {@code reload_extra_files}: what its paths and patterns name at the moment, by the rules of
 * Python's {@code glob} with {@code recursive=True}: {@code * ? [..]} match within a name, {@code
 * **} as a whole name any number of folders, none too, and neither a name that begins with a dot.
 * Reads folders without Python and its lock. Immutable.
 */
final class ExtraFiles {
    private final Path folder;
    private final List<Path> names;

    /**
     * @param folder to whose files relative names were resolved; no pattern whatever it is called
     * @param names absolute
     */
    ExtraFiles(Path folder, Collection<Path> names) {
        this.folder = folder;
        this.names = List.copyOf(names);
    }

    /** The files and folders there are now. */
    Set<Path> present() {
        Set<Path> all = new TreeSet<>();
        for (Path name : names) {
            boolean inside = name.startsWith(folder);
            Path start = inside ? folder : name.getRoot();
            all.addAll(matches(start, start.relativize(name)));
        }
        return all;
    }

    private static Collection<Path> matches(Path start, Path pattern) {
        Collection<Path> found = List.of(start);
        int last = pattern.getNameCount() - 1;
        for (int i = 0; i <= last; i++) {
            String name = pattern.getName(i).toString();
            Set<Path> next = new TreeSet<>();
            for (Path path : found) {
                if (name.equals("**")) {
                    next.addAll(below(path, i == last));
                } else if (isPattern(name)) {
                    next.addAll(children(path, name));
                } else if (Files.exists(path.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                    next.add(path.resolve(name).normalize());
                }
            }
            found = next;
        }
        return found;
    }

    private static boolean isPattern(String name) {
        return name.chars().anyMatch(c -> "*?[".indexOf(c) >= 0);
    }

    private static List<Path> children(Path folder, String pattern) {
        List<Path> found = new ArrayList<>();
        PathMatcher matcher = matcher(pattern);
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(folder, child -> matcher.matches(child.getFileName()))) {
            for (Path child : all) {
                if (pattern.startsWith(".") || !isHidden(child)) {
                    found.add(child);
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            return found; // no folder, or none of ours: there is nothing to watch
        }
        return found;
    }

    /** Java has braces and backslashes besides; a bracket that is not closed stands for itself. */
    private static PathMatcher matcher(String pattern) {
        try {
            return FileSystems.getDefault()
                    .getPathMatcher("glob:" + pattern.replaceAll("[\\\\{}]", "\\\\$0"));
        } catch (PatternSyntaxException _) {
            return name -> name.toString().equals(pattern);
        }
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    /** The folder itself and all below it; links are followed, but not round in a circle. */
    private static List<Path> below(Path folder, boolean filesToo) {
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try {
            Files.walkFileTree(
                    folder,
                    Set.of(FileVisitOption.FOLLOW_LINKS),
                    Integer.MAX_VALUE,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path path, BasicFileAttributes attributes) {
                            if (isHidden(path) && !path.equals(folder)) {
                                return FileVisitResult.SKIP_SUBTREE;
                            }
                            found.add(path);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path path, BasicFileAttributes attributes) {
                            if (filesToo && !isHidden(path)) {
                                found.add(path);
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path path, IOException failure) {
                            return FileVisitResult.CONTINUE; // vanished, or not for us to read
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path path, IOException failure) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException _) {
            return found; // none is let out above
        }
        return found;
    }
}
