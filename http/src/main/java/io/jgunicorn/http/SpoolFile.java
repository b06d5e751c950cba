package io.jgunicorn.http;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A temporary file for one body, readable by its owner only. Where the system can, it loses its
 * name as soon as it is open, so that nothing stays behind however the process ends; readers then
 * open the descriptor that is kept, which gives each a position of its own. Written by one thread,
 * closed on any.
 */
final class SpoolFile {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final boolean NAMELESS = Epoll.isAvailable() && Files.isDirectory(DESCRIPTORS);

    private final Path path;
    private final FileChannel writer;
    private final Optional<FileDescriptor> kept;

    private SpoolFile(Path path, FileChannel writer, Optional<FileDescriptor> kept) {
        this.path = path;
        this.writer = writer;
        this.kept = kept;
    }

    static SpoolFile in(Path folder) throws IOException {
        return in(folder, NAMELESS);
    }

    /**
     * @param nameless whether the file is to lose its name; only possible on Linux
     */
    static SpoolFile in(Path folder, boolean nameless) throws IOException {
        Path file = Files.createTempFile(folder, "jgunicorn-body-", ".tmp");
        FileChannel writer = null;
        try {
            writer = FileChannel.open(file, StandardOpenOption.WRITE);
            if (!nameless) {
                return new SpoolFile(file, writer, Optional.empty());
            }
            FileDescriptor kept = FileDescriptor.from(file.toFile());
            Files.delete(file);
            Path link = DESCRIPTORS.resolve(Integer.toString(kept.intValue()));
            return new SpoolFile(link, writer, Optional.of(kept));
        } catch (IOException e) {
            if (writer != null) {
                writer.close();
            }
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** To be opened for reading, until {@link #close}. */
    Path path() {
        return path;
    }

    FileChannel writer() {
        return writer;
    }

    /** Frees descriptor and file; may be called again. */
    void close() throws IOException {
        writer.close();
        if (kept.isPresent()) {
            kept.get().close();
        } else {
            Files.deleteIfExists(path);
        }
    }
}
