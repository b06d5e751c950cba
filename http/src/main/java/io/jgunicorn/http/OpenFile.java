package io.jgunicorn.http;

import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file about to be sent. Opened on the application thread; handed to the connection with {@link
 * #handOver}, which then closes it.
 */
final class OpenFile implements AutoCloseable {
    private final FileChannel channel;
    private boolean handedOver;

    private OpenFile(FileChannel channel) {
        this.channel = channel;
    }

    static OpenFile of(Path file) {
        try {
            return new OpenFile(FileChannel.open(file, StandardOpenOption.READ));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes from {@code offset} to the end, at most {@code wanted}. */
    long available(long offset, long wanted) {
        try {
            return Math.max(0, Math.min(wanted, channel.size() - offset));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A part of it to send; closes the file when it is released. */
    FileRegion handOver(long offset, long length) {
        FileRegion region = new DefaultFileRegion(channel, offset, length);
        handedOver = true;
        return region;
    }

    @Override
    public void close() {
        if (!handedOver) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
