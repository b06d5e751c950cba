package io.jgunicorn.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Watches files for the {@code reload} setting, on a thread of its own: modification times of every
 * loaded module and of {@code reload_extra_files}, whenever {@link SourceEvents} says so and once a
 * second. Changes that follow one another closely are one change. Goes on after it, so that a
 * reload that failed is followed by the next attempt as soon as the file is mended.
 *
 * <table>
 * <caption>Limits</caption>
 * <tr><td>Python is asked for its modules, all files are looked at</td><td>every 1 s</td></tr>
 * <tr><td>a change is reported when nothing has followed for</td><td>100 ms</td></tr>
 * <tr><td>but after</td><td>2 s in any case</td></tr>
 * </table>
 */
final class ReloadWatch {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration QUIET = Duration.ofMillis(100);
    private static final Duration LONGEST_BURST = Duration.ofSeconds(2);

    private final Supplier<? extends Collection<Path>> files;
    private final Instant loadedSince;
    private final SourceEvents events;
    private final Consumer<Path> onChange;
    private volatile boolean stopped;
    private final Map<Path, FileTime> seen = new HashMap<>();

    /**
     * A watch that has not looked yet.
     *
     * @param files asked on the watching thread
     * @param loadedSince when loading began: a file changed after that may have been loaded as it
     *     was before
     * @param onChange told the file that was found changed first, on the watching thread
     */
    ReloadWatch(
            Supplier<? extends Collection<Path>> files,
            Instant loadedSince,
            SourceEvents events,
            Consumer<Path> onChange) {
        this.files = files;
        this.loadedSince = loadedSince;
        this.events = events;
        this.onChange = onChange;
    }

    /** Watches until {@link #stop}. */
    void run() {
        try {
            watch();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() throws InterruptedException {
        long due = System.nanoTime();
        while (!stopped) {
            if (System.nanoTime() - due >= 0) {
                remember(files.get());
                due = System.nanoTime() + PERIOD.toNanos();
            }
            Optional<Path> changed = look();
            if (changed.isPresent()) {
                awaitQuiet();
                if (!stopped) {
                    onChange.accept(changed.get());
                }
            }
            boolean _ = events.await(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
        }
    }

    /** Lets {@link #run} return soon. Any thread. */
    void stop() {
        stopped = true;
        events.close();
    }

    /** Who writes many files, or one in several steps, is let finish. */
    private void awaitQuiet() throws InterruptedException {
        long end = System.nanoTime() + LONGEST_BURST.toNanos();
        boolean quiet = false;
        while (!quiet && !stopped && System.nanoTime() - end < 0) {
            boolean happened = events.await(QUIET);
            quiet = look().isEmpty() && !happened;
        }
    }

    /** Takes files into the watch; those known keep the time they were last seen with. */
    void remember(Collection<Path> files) {
        for (Path file : files) {
            events.watch(file);
            if (!seen.containsKey(file)) {
                modified(file).ifPresent(time -> seen.put(file, asLoaded(file, time)));
            }
        }
    }

    /** A folder is not loaded: what the application itself makes in it at load is no change. */
    private FileTime asLoaded(Path file, FileTime modified) {
        return modified.toInstant().isAfter(loadedSince) && !Files.isDirectory(file)
                ? FileTime.from(loadedSince)
                : modified;
    }

    /**
     * The first file found changed since the last look; a file that vanished is not a change, it
     * may be about to be replaced.
     */
    Optional<Path> look() {
        Optional<Path> changed = Optional.empty();
        for (Map.Entry<Path, FileTime> entry : seen.entrySet()) {
            Optional<FileTime> time = modified(entry.getKey());
            if (time.isPresent() && !time.get().equals(entry.getValue())) {
                entry.setValue(time.get());
                if (changed.isEmpty()) {
                    changed = Optional.of(entry.getKey());
                }
            }
        }
        return changed;
    }

    private static Optional<FileTime> modified(Path file) {
        try {
            return Optional.of(Files.getLastModifiedTime(file));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
