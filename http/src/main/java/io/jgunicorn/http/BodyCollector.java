package io.jgunicorn.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Gathers one request's body: up to 64 KiB in memory, more in a {@link SpoolFile}. Event loop only.
 * File writes happen there too: each is at most one socket read long and goes to the page cache,
 * which costs microseconds unless the disk is overloaded.
 */
final class BodyCollector {
    static final int MEMORY_LIMIT = 64 * 1024;

    private static final int FIRST_CAPACITY = 4096;

    private final Path folder;
    private final long announced;
    private byte[] memory = new byte[0];
    private int size;
    private long length;
    private SpoolFile file;

    /**
     * @param announced length of the body if known, else -1
     */
    BodyCollector(Path folder, long announced) {
        this.folder = folder;
        this.announced = announced;
    }

    void add(ByteBuf piece) throws IOException {
        int bytes = piece.readableBytes();
        if (bytes == 0) {
            return;
        }
        length += bytes;
        if (file == null && length <= MEMORY_LIMIT) {
            if (size + bytes > memory.length) {
                memory = Arrays.copyOf(memory, capacity(size + bytes));
            }
            piece.readBytes(memory, size, bytes);
            size += bytes;
            return;
        }
        if (file == null) {
            spool();
        }
        while (piece.isReadable()) {
            piece.readBytes(file.writer(), piece.readableBytes());
        }
    }

    /**
     * Grows with what has arrived: what is only announced must not take memory. No larger than the
     * body will be.
     */
    private int capacity(int needed) {
        int roomy = Math.max(FIRST_CAPACITY, Math.max(needed, memory.length * 2));
        return announced < 0 ? roomy : (int) Math.max(needed, Math.min(roomy, announced));
    }

    /** Bytes so far. */
    long length() {
        return length;
    }

    private void spool() throws IOException {
        file = SpoolFile.in(folder);
        java.nio.ByteBuffer start = java.nio.ByteBuffer.wrap(memory, 0, size);
        while (start.hasRemaining()) {
            file.writer().write(start);
        }
        memory = new byte[0];
    }

    /** The whole body; a file now belongs to the exchange. */
    CollectedBody finish() throws IOException {
        if (file != null) {
            file.writer().close();
            return new CollectedBody(
                    new RequestBody.Spooled(file.path(), length), Optional.of(file));
        }
        if (size == 0) {
            return CollectedBody.EMPTY;
        }
        byte[] bytes = size == memory.length ? memory : Arrays.copyOf(memory, size);
        return new CollectedBody(new RequestBody.InMemory(bytes), Optional.empty());
    }

    /** Throws away what has been gathered. */
    void discard() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException _) {
                // Nobody can be told, and nothing depends on it: the folder is for temporary files.
                return;
            }
        }
    }
}
