package io.jgunicorn.worker;

import io.jgunicorn.log.ErrorLog;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * {@code reload_engine = "inotify"} or {@code "auto"}: the kernel tells what happens in the folders
 * of watched files (inotify(7)). Network file systems tell nothing of what others do: whoever uses
 * this has to look now and then as well.
 */
final class FolderEvents implements SourceEvents {
    /** What one program does to files comes in several events: looking once will do. */
    private static final Duration GATHERED = Duration.ofMillis(20);

    private final WatchService service;
    private final ErrorLog log;
    private final Set<Path> files = new HashSet<>();
    private final Set<Path> folders = new HashSet<>();
    private boolean complained;

    private FolderEvents(WatchService service, ErrorLog log) {
        this.service = service;
        this.log = log;
    }

    /**
     * No folder is watched yet.
     *
     * @throws IOException if the system has no more of it to give (fs.inotify.max_user_instances)
     */
    static FolderEvents open(ErrorLog log) throws IOException {
        return new FolderEvents(FileSystems.getDefault().newWatchService(), log);
    }

    @Override
    public void watch(Path file) {
        if (files.add(file) && Files.isDirectory(file)) {
            register(file);
        }
        if (file.getParent() != null) {
            register(file.getParent());
        }
    }

    private void register(Path folder) {
        if (!folders.add(folder)) {
            return;
        }
        try {
            folder.register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_DELETE,
                    StandardWatchEventKinds.ENTRY_MODIFY);
        } catch (IOException e) {
            folders.remove(folder); // it may be made anew
            if (!complained && Files.isDirectory(folder)) {
                complained = true;
                log.warning("No events of files in " + folder + ", looked at once a second: " + e);
            }
        } catch (ClosedWatchServiceException _) {
            return; // the watch ends
        }
    }

    @Override
    public boolean await(Duration longest) throws InterruptedException {
        try {
            WatchKey key = service.poll(longest.toNanos(), TimeUnit.NANOSECONDS);
            boolean happened = key != null;
            long end = System.nanoTime() + GATHERED.toNanos();
            while (key != null) {
                key.pollEvents();
                if (!key.reset()) {
                    folders.remove((Path) key.watchable()); // it is gone
                }
                key = service.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
            return happened;
        } catch (ClosedWatchServiceException _) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            log.warning("Can't end the watch of source files: " + e);
        }
    }
}
