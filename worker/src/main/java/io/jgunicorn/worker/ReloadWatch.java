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
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Watches source files for the {@code reload} setting, on a thread of its own: modification times
 * of every loaded module and of {@code reload_extra_files}, four times a second. Goes on after a
 * change, so that a reload that failed is followed by the next attempt as soon as the file is
 * mended.
 */
final class ReloadWatch {
    private static final Duration PERIOD = Duration.ofMillis(250);

    /**
     * Asking Python for its modules costs more than looking at files: done every so many periods.
     */
    private static final int MODULES_EVERY = 4;

    private final Supplier<? extends Collection<Path>> loadedFiles;
    private final Collection<Path> extraFiles;
    private final Instant loadedSince;
    private final Consumer<Path> onChange;
    private volatile boolean stopped;
    private final Map<Path, FileTime> seen = new HashMap<>();

    /**
     * A watch that has not looked yet.
     *
     * @param loadedFiles asked on the watching thread
     * @param loadedSince when loading began: a file changed after that may have been loaded as it
     *     was before
     * @param onChange told the changed file, on the watching thread
     */
    ReloadWatch(
            Supplier<? extends Collection<Path>> loadedFiles,
            Collection<Path> extraFiles,
            Instant loadedSince,
            Consumer<Path> onChange) {
        this.loadedFiles = loadedFiles;
        this.extraFiles = extraFiles;
        this.loadedSince = loadedSince;
        this.onChange = onChange;
    }

    /** Watches until {@link #stop}. */
    void run() {
        for (int turn = 0; !stopped; turn++) {
            if (turn % MODULES_EVERY == 0) {
                remember(loadedFiles.get());
                remember(extraFiles);
            }
            look().ifPresent(onChange);
            LockSupport.parkNanos(PERIOD.toNanos());
        }
    }

    /** Lets {@link #run} return soon. Any thread. */
    void stop() {
        stopped = true;
    }

    /** Takes files into the watch; those known keep the time they were last seen with. */
    void remember(Collection<Path> files) {
        for (Path file : files) {
            if (!seen.containsKey(file)) {
                modified(file).ifPresent(time -> seen.put(file, asLoaded(time)));
            }
        }
    }

    private FileTime asLoaded(FileTime modified) {
        return modified.toInstant().isAfter(loadedSince) ? FileTime.from(loadedSince) : modified;
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
