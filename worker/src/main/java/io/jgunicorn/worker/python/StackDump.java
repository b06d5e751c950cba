package io.jgunicorn.worker.python;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jgunicorn.control.ThreadStack.Frame;
import io.jgunicorn.os.Descriptors;
import io.jgunicorn.os.NativeCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file Python's threads write their stacks to, in memory, read without Python. It stays open
 * for life: a thread that is asked writes when it next can, be it after minutes, and a descriptor
 * that is closed may belong to a client by then. Any thread.
 */
final class StackDump {
    private static final Pattern HEADER = Pattern.compile("Thread\\[#(\\d+),.*");

    /** A call of the runtime's own has no name: {@code null}. */
    private static final Pattern FRAME =
            Pattern.compile("  File \"(.*)\", line (-?\\d+), in (?!null$)(.*)");

    private final int descriptor;
    private final FileChannel channel;

    /** Where the writers are at least; what precedes has been forgotten. */
    @GuardedBy("this")
    private long end;

    @GuardedBy("this")
    private int readers;

    private StackDump(int descriptor, FileChannel channel) {
        this.descriptor = descriptor;
        this.channel = channel;
    }

    /**
     * An empty file.
     *
     * @throws IOException if the system has no memory for it
     */
    static StackDump create() throws IOException {
        int descriptor;
        try {
            descriptor = Descriptors.memfdCreate("jgunicorn-stacks");
        } catch (NativeCallException e) {
            throw new IOException(e.getMessage(), e);
        }
        try {
            Path file = Path.of("/proc/self/fd/" + descriptor);
            return new StackDump(
                    descriptor,
                    FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } catch (IOException e) {
            Descriptors.close(descriptor);
            throw e;
        }
    }

    /** What threads write to. */
    int descriptor() {
        return descriptor;
    }

    /** What is written from now on. */
    synchronized Reader read() throws IOException {
        end = Math.max(end, channel.size());
        if (readers == 0) {
            channel.truncate(0); // writers go on where they were, and the memory is free
        }
        readers++;
        return new Reader(end);
    }

    /** Reads what one question led to; perhaps also late answers to others. */
    final class Reader implements AutoCloseable {
        private final long from;

        private Reader(long from) {
            this.from = from;
        }

        /**
         * The stacks so far, innermost call last, by the number of the Java thread. The last of
         * each list may not be complete.
         */
        Map<Long, List<List<Frame>>> stacks() throws IOException {
            long size = Math.max(0, channel.size() - from);
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size));
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {}
            return parse(new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII));
        }

        @Override
        public void close() {
            synchronized (StackDump.this) {
                readers--;
            }
        }
    }

    /** Takes apart what faulthandler writes in this runtime. */
    static Map<Long, List<List<Frame>>> parse(String text) {
        Map<Long, List<List<Frame>>> stacks = new HashMap<>();
        List<Frame> frames = new ArrayList<>(); // of nobody, until the first header
        for (String line : text.lines().toList()) {
            Matcher header = HEADER.matcher(line);
            Matcher frame = FRAME.matcher(line);
            if (header.matches()) {
                frames = new ArrayList<>();
                stacks.computeIfAbsent(Long.valueOf(header.group(1)), _ -> new ArrayList<>())
                        .add(frames);
            } else if (frame.matches()) {
                frames.add(
                        new Frame(
                                frame.group(1), Integer.parseInt(frame.group(2)), frame.group(3)));
            }
        }
        return stacks;
    }
}
