package io.jgunicorn.worker;

import io.jgunicorn.log.ErrorLog;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * {@code reload_engine = "inotify"} or {@code "auto"}: the kernel tells what happens in the folders
 * of watched files (inotify(7)). Network file systems tell nothing of what others do: whoever uses
 * this has to look now and then as well. What happens to other files in these folders, say a log,
 * is nobody's business.
 *
 * <table>
 * <caption>Limits</caption>
 * <tr><td>events that follow an event are one with it for</td><td>20 ms</td></tr>
 * <tr><td>a folder that the system refuses to watch is tried again after</td><td>60 s</td></tr>
 * </table>
 */
final class FolderEvents implements SourceEvents {
    /** What one program does to files comes in several events: looking once will do. */
    private static final Duration GATHERED = Duration.ofMillis(20);

    /** What is exhausted (fs.inotify.max_user_watches) stays so for some time. */
    private static final Duration FORBEARANCE = Duration.ofMinutes(1);

    private final WatchService service;
    private final ErrorLog log;
    private final Set<Path> files = new HashSet<>();

    /** Those of the files that are folders: all that happens in them matters. */
    private final Set<Path> wholes = new HashSet<>();

    /** Of these the kernel tells. */
    private final Set<Path> folders = new HashSet<>();

    /** Of these it will not; the time ({@link System#nanoTime}) to ask again. */
    private final Map<Path, Long> refused = new HashMap<>();

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
            wholes.add(file);
        }
        if (wholes.contains(file)) {
            register(file);
        }
        if (file.getParent() != null) {
            register(file.getParent());
        }
    }

    private void register(Path folder) {
        if (folders.contains(folder) || isRefused(folder)) {
            return;
        }
        try {
            folder.register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_DELETE,
                    StandardWatchEventKinds.ENTRY_MODIFY);
            folders.add(folder);
        } catch (IOException e) {
            if (Files.isDirectory(folder)) { // else it may be made anew at any time
                refused.put(folder, System.nanoTime() + FORBEARANCE.toNanos());
                complain(folder, e);
            }
        } catch (ClosedWatchServiceException _) {
            return; // the watch ends
        }
    }

    private boolean isRefused(Path folder) {
        Long until = refused.get(folder);
        return until != null && System.nanoTime() - until < 0;
    }

    private void complain(Path folder, IOException reason) {
        if (!complained) {
            complained = true;
            log.warning("No events of files in " + folder + ", looked at once a second: " + reason);
        }
    }

    @Override
    public boolean await(Duration longest) throws InterruptedException {
        try {
            boolean happened = false;
            long left = longest.toNanos();
            long end = System.nanoTime() + left;
            do {
                WatchKey key = service.poll(left, TimeUnit.NANOSECONDS);
                if (key == null) {
                    return happened;
                }
                if (matters(key) && !happened) {
                    happened = true;
                    end = System.nanoTime() + GATHERED.toNanos();
                }
                left = end - System.nanoTime();
            } while (left > 0);
            return happened;
        } catch (ClosedWatchServiceException _) {
            return false;
        }
    }

    /** Takes what the key has to tell; true if it concerns what is watched. */
    private boolean matters(WatchKey key) {
        Path folder = (Path) key.watchable();
        boolean concerned = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            boolean named = event.context() instanceof Path; // else events have been lost
            concerned |=
                    !named
                            || wholes.contains(folder)
                            || files.contains(folder.resolve((Path) event.context()));
        }
        if (!key.reset()) {
            folders.remove(folder); // it is gone
            return true;
        }
        return concerned;
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
