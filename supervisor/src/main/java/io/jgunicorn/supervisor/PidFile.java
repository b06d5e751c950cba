package io.jgunicorn.supervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The file that tells the master's process id. Written beside its place and moved there, so that a
 * reader never sees half of it. Used by the master's thread only.
 */
final class PidFile implements AutoCloseable {
    private final Path path;
    private final long pid;

    private PidFile(Path path, long pid) {
        this.path = path;
        this.pid = pid;
    }

    /**
     * Writes the file.
     *
     * @throws StartFailure if a running server is named in it, or it cannot be written
     */
    static PidFile create(Path path, long pid) throws StartFailure {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new StartFailure(1, "Error: " + folder + " doesn't exist. Can't create pidfile.");
        }
        Optional<Long> other = read(path).filter(known -> known != pid);
        if (other.isPresent() && isServer(other.get())) {
            throw new StartFailure(
                    1,
                    "Error: Already running on PID %d (or pid file '%s' is stale)"
                            .formatted(other.get(), path));
        }
        try {
            Path fresh = Files.createTempFile(folder, ".jgunicorn-", ".pid");
            Files.writeString(fresh, pid + "\n");
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(
                    fresh,
                    path,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            String reason =
                    e instanceof AccessDeniedException ? "Permission denied" : e.getMessage();
            throw new StartFailure(1, "Error: Can't write pidfile " + path + ": " + reason);
        }
        return new PidFile(path, pid);
    }

    Path path() {
        return path;
    }

    /** Removes the file if it still names this process. */
    @Override
    public void close() {
        if (read(path).filter(known -> known == pid).isPresent()) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException _) {
                return; // a folder we may no longer write to: nobody is helped by a failure now
            }
        }
    }

    /**
     * Whether a process could be the one that wrote the file: the id may be another's by now, as
     * happens where a container starts again. Title or command line of gunicorn and of this server
     * hold its name.
     */
    private static boolean isServer(long pid) {
        if (ProcessHandle.of(pid).isEmpty()) {
            return false;
        }
        try {
            Path commandLine = Path.of("/proc", Long.toString(pid), "cmdline");
            return Files.readString(commandLine, StandardCharsets.ISO_8859_1).contains("gunicorn");
        } catch (IOException _) {
            return true; // nobody knows
        }
    }

    /** The process id a file names; empty if there is none to be read. */
    private static Optional<Long> read(Path path) {
        try {
            byte[] bytes = Files.readAllBytes(path);
            return Optional.of(
                    Long.parseLong(new String(bytes, StandardCharsets.ISO_8859_1).strip()));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }
}
