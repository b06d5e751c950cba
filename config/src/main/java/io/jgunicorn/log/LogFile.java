package io.jgunicorn.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * Where a log goes: a file opened for appending, stderr or stdout. A line is written with one call,
 * so lines of several processes on one file do not mix. Safe on any thread.
 *
 * <p>A disk or a reader of a pipe may keep the writer waiting for ever; where that must not be,
 * there is {@link #inBackground}.
 */
public final class LogFile implements AutoCloseable {
    private static final int S_IFMT = 0170000; // as in inode(7)
    private static final int S_IFIFO = 0010000;

    /** More than that at once may be mixed with what others write into the same pipe (pipe(7)). */
    private static final int PIPE_BUF = 4096;

    private static final int FILE_PIECE = 32 * 1024;

    private static final LogQueue.Bounds BOUNDS = LogQueue.Bounds.of(8192, 4L << 20, Duration.ZERO);

    /** How long {@link #close} may wait for what is still to be written. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private final Optional<Path> path;

    /** Guarded by this, like what is written to it: a thread that writes may wait in there. */
    private OutputStream out;

    private volatile Optional<LogQueue<String>> queue = Optional.empty();

    private LogFile(Optional<Path> path, OutputStream out) {
        this.path = path;
        this.out = out;
    }

    /** Appends to a file, which is created if missing; the folder must exist. */
    public static LogFile appendingTo(Path path) throws IOException {
        return new LogFile(Optional.of(path), open(path));
    }

    /** True for a FIFO. */
    public static boolean isFifo(Path path) {
        try {
            return ((int) Files.getAttribute(path, "unix:mode") & S_IFMT) == S_IFIFO;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return false; // there is nothing, or the system knows no FIFOs
        }
    }

    private static OutputStream open(Path path) throws IOException {
        if (isFifo(path)) {
            // Opened for writing only, it would wait here until somebody reads it.
            return new FileOutputStream(new RandomAccessFile(path.toFile(), "rw").getFD());
        }
        return new FileOutputStream(path.toFile(), true);
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
     * From now on a thread of its own writes, and no other waits: what it cannot write in time is
     * dropped. Once only.
     *
     * @param thread its name
     * @param dropReport text for so many dropped texts, written at their place
     */
    public void inBackground(String thread, LongFunction<String> dropReport) {
        LogQueue.Sink<String> sink =
                new LogQueue.Sink<>() {
                    @Override
                    public void write(List<String> batch) {
                        batch.forEach(LogFile.this::writeNow);
                    }

                    @Override
                    public void dropped(long count) {
                        writeNow(dropReport.apply(count));
                    }
                };
        queue = Optional.of(LogQueue.started(thread, BOUNDS, sink));
    }

    /**
     * Writes text as UTF-8 in one call. A full disk or a closed pipe loses the text and nothing
     * else.
     */
    public void write(String text) {
        write(text, false);
    }

    /**
     * The same.
     *
     * @param urgent what must not be dropped as long as anything else can be
     */
    void write(String text, boolean urgent) {
        if (queue.isPresent()) {
            queue.get().offer(text, text.length(), urgent);
        } else {
            writeNow(text);
        }
    }

    private synchronized void writeNow(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            // There is no better place to report that the log cannot be written.
            return;
        }
    }

    /** Bytes that can be written at once without being mixed with those of other processes. */
    public int pieceBytes() {
        return path.isPresent() && Files.isRegularFile(path.get()) ? FILE_PIECE : PIPE_BUF;
    }

    /** Waits until what has been written so far is out, but no longer than that. */
    public void flush(Duration atMost) {
        queue.ifPresent(background -> background.flush(atMost));
    }

    /**
     * Opens the file anew after a rotation (gunicorn: USR1). Standard streams stay. On failure the
     * old file stays in use; in the background it is told there.
     */
    public void reopen() throws IOException {
        if (queue.isPresent()) {
            queue.get().run(this::reopenAndTell);
        } else {
            reopenNow();
        }
    }

    private void reopenAndTell() {
        try {
            reopenNow();
        } catch (IOException e) {
            writeNow("Can't reopen a log file: " + e.getMessage() + "\n");
        }
    }

    private synchronized void reopenNow() throws IOException {
        if (path.isPresent()) {
            OutputStream fresh = open(path.get());
            out.close();
            out = fresh;
        }
    }

    /**
     * Writes what waits, for three seconds at most, and closes the file; standard streams stay
     * open.
     */
    @Override
    public void close() throws IOException {
        if (queue.isPresent() && queue.get().close(LAST_WORDS).count() > 0) {
            return; // its thread may never come out of the file again
        }
        if (path.isPresent()) {
            closeNow();
        }
    }

    private synchronized void closeNow() throws IOException {
        out.close();
    }
}
