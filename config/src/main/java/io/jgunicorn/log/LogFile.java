package io.jgunicorn.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Where a log goes: a file opened for appending, stderr or stdout. A line is written with one call,
 * so lines of several processes on one file do not mix. Safe on any thread.
 */
public final class LogFile implements AutoCloseable {
    private final Optional<Path> path;
    private OutputStream out;

    private LogFile(Optional<Path> path, OutputStream out) {
        this.path = path;
        this.out = out;
    }

    /** Appends to a file, which is created if missing; the folder must exist. */
    public static LogFile appendingTo(Path path) throws IOException {
        return new LogFile(Optional.of(path), new FileOutputStream(path.toFile(), true));
    }

    /**
     * What a log setting names.
     *
     * @param setting {@code -} for the standard stream, or the path of a file in an existing
     *     folder; {@code /dev/stdout} and {@code /dev/stderr} are the streams themselves, which
     *     another user could not open anew
     */
    public static LogFile named(String setting, LogFile standardStream) throws IOException {
        return switch (setting) {
            case "-" -> standardStream;
            case "/dev/stdout" -> stdout();
            case "/dev/stderr" -> stderr();
            default -> appendingTo(Path.of(setting));
        };
    }

    /** True if a log setting names a file, and not a standard stream. */
    public static boolean isFile(String setting) {
        return !Set.of("-", "/dev/stdout", "/dev/stderr").contains(setting);
    }

    /** Writes to the process's standard error. */
    public static LogFile stderr() {
        return new LogFile(Optional.empty(), new FileOutputStream(FileDescriptor.err));
    }

    /** Writes to the process's standard output. */
    public static LogFile stdout() {
        return new LogFile(Optional.empty(), new FileOutputStream(FileDescriptor.out));
    }

    /**
     * Writes text as UTF-8 in one call. A full disk or a closed pipe loses the text and nothing
     * else.
     */
    public synchronized void write(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            // There is no better place to report that the log cannot be written.
            return;
        }
    }

    /**
     * Opens the file anew after a rotation (gunicorn: USR1). Standard streams stay. On failure the
     * old file stays in use.
     */
    public synchronized void reopen() throws IOException {
        if (path.isPresent()) {
            OutputStream fresh = new FileOutputStream(path.get().toFile(), true);
            out.close();
            out = fresh;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (path.isPresent()) {
            out.close();
        }
    }
}
