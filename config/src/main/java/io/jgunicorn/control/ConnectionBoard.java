package io.jgunicorn.control;

import io.jgunicorn.os.LibC;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * How many connections each worker of one master has, in memory they all share: a worker reads it
 * before it takes a connection that another, with fewer, could have. The master creates the board
 * and hands its descriptor to each worker; a worker takes a {@link Place}; when it has ended, the
 * master clears that. Safe on any thread and in any process. Linux only ({@code memfd_create}).
 */
public final class ConnectionBoard implements AutoCloseable {
    /** How many workers can have a place at the same time; further ones go without. */
    public static final int PLACES = 256;

    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    // A place is a cache line, written by its worker alone: process id, then connections + 1 while
    // the worker accepts, else 0. A line before all of them says how many were ever in use.
    private static final int LINE = 64;
    private static final int PID = 0;
    private static final int COUNT = 4;
    private static final int IN_USE = 0;

    private final int descriptor;
    private final MappedByteBuffer memory;

    private ConnectionBoard(int descriptor) {
        this.descriptor = descriptor;
        Path file = Path.of("/proc/self/fd/" + descriptor);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, (PLACES + 1L) * LINE);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't map the memory shared with workers", e);
        }
    }

    /** A new board, with a descriptor of its own. */
    public static ConnectionBoard create() {
        return new ConnectionBoard(LibC.memfdCreate("jgunicorn-connections"));
    }

    /**
     * The board behind a descriptor that the master created.
     *
     * @throws UncheckedIOException if the descriptor is no file that can be mapped
     */
    public static ConnectionBoard open(int descriptor) {
        return new ConnectionBoard(descriptor);
    }

    /** Descriptor of the shared memory, to be passed to workers. */
    public int descriptor() {
        return descriptor;
    }

    /** A place for a worker, not accepting yet; empty if all are taken. */
    public Optional<Place> take(long pid) {
        for (int i = 0; i < PLACES; i++) {
            if (INT.compareAndSet(memory, line(i) + PID, 0, Math.toIntExact(pid))) {
                INT.setVolatile(memory, line(i) + COUNT, 0);
                raiseInUse(i + 1);
                return Optional.of(new Place(i));
            }
        }
        return Optional.empty();
    }

    /** Clears the place of a worker that has ended, if it had one. */
    public void release(long pid) {
        for (int i = 0; i < PLACES; i++) {
            if ((int) INT.getVolatile(memory, line(i) + PID) == pid) {
                INT.setVolatile(memory, line(i) + COUNT, 0);
                INT.setVolatile(memory, line(i) + PID, 0);
            }
        }
    }

    /** Closes the descriptor. The memory stays until nobody uses it any more. */
    @Override
    public void close() {
        LibC.close(descriptor);
    }

    private void raiseInUse(int atLeast) {
        int now = (int) INT.getVolatile(memory, IN_USE);
        while (now < atLeast && !INT.compareAndSet(memory, IN_USE, now, atLeast)) {
            now = (int) INT.getVolatile(memory, IN_USE);
        }
    }

    private static int line(int place) {
        return (place + 1) * LINE;
    }

    /** What one worker shows and sees. */
    public final class Place {
        private final int index;

        private Place(int index) {
            this.index = index;
        }

        /** This worker accepts connections and has so many. */
        public void publish(int connections) {
            INT.setVolatile(memory, line(index) + COUNT, connections + 1);
        }

        /** This worker accepts none at present. */
        public void withdraw() {
            INT.setVolatile(memory, line(index) + COUNT, 0);
        }

        /**
         * Connections of the other worker that has the fewest among those that accept; {@link
         * Integer#MAX_VALUE} if no other accepts.
         */
        public int fewestElsewhere() {
            int fewest = Integer.MAX_VALUE;
            int inUse = (int) INT.getVolatile(memory, IN_USE);
            for (int i = 0; i < inUse; i++) {
                int count = (int) INT.getVolatile(memory, line(i) + COUNT);
                if (count > 0 && i != index) {
                    fewest = Math.min(fewest, count - 1);
                }
            }
            return fewest;
        }
    }
}
