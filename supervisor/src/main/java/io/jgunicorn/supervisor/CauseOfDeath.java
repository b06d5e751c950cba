package io.jgunicorn.supervisor;

import io.jgunicorn.os.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What the system knows of a worker's end beyond its exit status: how many processes the kernel has
 * killed for lack of memory ({@code oom_kill} of this control group, cgroups(7)), and the file a
 * JVM writes when it crashes. Safe on any thread.
 */
final class CauseOfDeath {
    private static final Path CONTROL_GROUPS = Path.of("/proc/self/cgroup");
    private static final Path MOUNT = Path.of("/sys/fs/cgroup");
    private static final String KILLS = "oom_kill ";

    private final Optional<Path> killsFile;
    private final Path temporary;

    // Guarded by this.
    private long explained;

    /**
     * @param killsFile counts kills; empty where there is none
     * @param temporary where a JVM writes about its crash if it cannot in its working directory
     */
    CauseOfDeath(Optional<Path> killsFile, Path temporary) {
        this.killsFile = killsFile;
        this.temporary = temporary;
        this.explained = kills().orElse(0);
    }

    /** For the children of this process. */
    static CauseOfDeath ofChildren() {
        return new CauseOfDeath(killsFile(), Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * What is known of the end of a process that nobody here has killed; call it once, right after
     * the end.
     *
     * @param status exit code, or 128 plus the signal that killed it
     * @param directory its working directory
     * @param since when it was started
     * @return a sentence, or empty
     */
    synchronized Optional<String> of(long pid, int status, Path directory, Instant since) {
        if (status == 128 + Signal.KILL.number()) {
            OptionalLong now = kills();
            if (now.isEmpty() || now.getAsLong() <= explained) {
                return Optional.empty();
            }
            explained++;
            return Optional.of(
                    "The kernel has killed a process of this control group for lack of memory ("
                            + KILLS
                            + now.getAsLong()
                            + " in "
                            + killsFile.get()
                            + ").");
        }
        if (status == 128 + Signal.ABRT.number()) {
            String name = "hs_err_pid" + pid + ".log"; // the JVM's own choice
            return Stream.of(directory.resolve(name), temporary.resolve(name))
                    .filter(file -> isNewerThan(since, file))
                    .findFirst()
                    .map(file -> "Its JVM crashed; see " + file + ".");
        }
        return Optional.empty();
    }

    /** An older one is about another process that had the same id. */
    private static boolean isNewerThan(Instant since, Path file) {
        try {
            return !Files.getLastModifiedTime(file).toInstant().isBefore(since);
        } catch (IOException _) {
            return false;
        }
    }

    private OptionalLong kills() {
        if (killsFile.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return Files.readAllLines(killsFile.get()).stream()
                    .filter(line -> line.startsWith(KILLS))
                    .mapToLong(line -> Long.parseLong(line.substring(KILLS.length()).strip()))
                    .findFirst();
        } catch (IOException | NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    private static Optional<Path> killsFile() {
        try {
            return killsFile(Files.readAllLines(CONTROL_GROUPS), MOUNT);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /**
     * The file that counts the kills in a control group.
     *
     * @param groups lines of {@code /proc/PID/cgroup}: number, controllers, path
     * @param mount where the hierarchies are
     */
    static Optional<Path> killsFile(List<String> groups, Path mount) {
        for (String line : groups) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && Arrays.asList(parts[1].split(",")).contains("memory")) {
                return existing(mount.resolve("memory"), parts[2], "memory.oom_control");
            }
        }
        return groups.stream()
                .filter(line -> line.startsWith("0::"))
                .findFirst()
                .flatMap(line -> existing(mount, line.substring(3), "memory.events"));
    }

    /** In a container the path may be that of the host, and the mount the group itself. */
    private static Optional<Path> existing(Path mount, String group, String file) {
        return Stream.of(Path.of(mount + group, file), mount.resolve(file))
                .filter(Files::isReadable)
                .findFirst();
    }
}
