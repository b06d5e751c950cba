package io.jgunicorn.control;

import io.jgunicorn.os.Descriptors;
import io.jgunicorn.os.NativeCallException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.IntStream;

/**
 * How many connections each worker of one master has, in memory they all share: a worker reads it
 * before it takes a connection that another, with fewer, could have. The master creates the board
 * and hands its descriptor to each worker; a worker takes a {@link Place}; when it has ended, the
 * master clears that. Safe on any thread and in any process, but for {@link #close}. Linux only
 * ({@code memfd_create}).
 */
public final class ConnectionBoard implements AutoCloseable {
    /** How many workers can be seen by the others at the same time. */
    public static final int PLACES = 256;

    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    // A place is a cache line: process id, then connections + 1 while that worker accepts, else 0.
    // The worker writes it, and the master when the worker has ended. The line before all of them
    // says up to where places have ever been taken.
    private static final int LINE = 64;
    private static final int PID = 0;
    private static final int COUNT = 4;
    private static final int IN_USE = 0;

    // Then how many connections were lively, and when it said so.
    private static final int LIVELY = 8;
    private static final int TOLD = 12;
    private static final int LATELY_MILLIS = 2000;
    private static final int NEVER = 0;

    /** No place was left. */
    private static final int UNSEEN = -1;

    private final ByteBuffer memory;

    /** Of the creator, until it closes it; else -1. */
    private int descriptor = -1;

    private ConnectionBoard(int descriptor) throws IOException {
        Path file = Path.of("/proc/self/fd/" + descriptor);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, (PLACES + 1L) * LINE);
        }
    }

    /**
     * A new board, with a descriptor of its own.
     *
     * @throws IOException if the system allows no such memory
     */
    public static ConnectionBoard create() throws IOException {
        int descriptor;
        try {
            descriptor = Descriptors.memfdCreate("jgunicorn-connections");
        } catch (NativeCallException e) {
            throw new IOException(e.getMessage(), e);
        }
        try {
            ConnectionBoard board = new ConnectionBoard(descriptor);
            board.descriptor = descriptor;
            return board;
        } catch (IOException e) {
            Descriptors.close(descriptor);
            throw e;
        }
    }

    /**
     * The board behind a descriptor that the master created; closes the descriptor.
     *
     * @throws IOException if the descriptor is no file that can be mapped
     */
    public static ConnectionBoard open(int descriptor) throws IOException {
        ConnectionBoard board = new ConnectionBoard(descriptor);
        Descriptors.close(descriptor);
        return board;
    }

    /** Descriptor of the shared memory, to be passed to workers. */
    public int descriptor() {
        return descriptor;
    }

    /**
     * A place for a worker, not accepting yet. Once all are taken it is one that others do not see;
     * its worker still sees them.
     */
    public Place take(long pid) {
        for (int i = 0; i < PLACES; i++) {
            if (INT.compareAndSet(memory, line(i) + PID, 0, Math.toIntExact(pid))) {
                INT.setVolatile(memory, line(i) + COUNT, 0);
                raiseInUse(i + 1);
                return new Place(i);
            }
        }
        return new Place(UNSEEN);
    }

    /** Clears the place of a worker that has ended, if it had one. */
    public void release(long pid) {
        for (int i = 0; i < PLACES; i++) {
            if ((int) INT.getVolatile(memory, line(i) + PID) == pid) {
                INT.setVolatile(memory, line(i) + COUNT, 0);
                INT.setVolatile(memory, line(i) + TOLD, NEVER);
                INT.setVolatile(memory, line(i) + PID, 0);
            }
        }
    }

    /** Closes the creator's descriptor. The memory stays until nobody uses it any more. */
    @Override
    public void close() {
        if (descriptor >= 0) {
            Descriptors.close(descriptor);
            descriptor = -1;
        }
    }

    private void raiseInUse(int atLeast) {
        int now = (int) INT.getVolatile(memory, IN_USE);
        while (now < atLeast && !INT.compareAndSet(memory, IN_USE, now, atLeast)) {
            now = (int) INT.getVolatile(memory, IN_USE);
        }
    }

    /** A clock that all processes of the machine share; it may be negative and wrap. */
    private static int millis() {
        int now = (int) (System.nanoTime() / 1_000_000);
        return now == NEVER ? 1 : now;
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
            write(connections + 1);
        }

        /** This worker accepts none at present. */
        public void withdraw() {
            write(0);
        }

        /**
         * Connections of the other worker that has the fewest among those that accept; {@link
         * Integer#MAX_VALUE} if no other accepts.
         */
        public int fewestElsewhere() {
            int fewest = Integer.MAX_VALUE;
            int end = (int) INT.getVolatile(memory, IN_USE);
            for (int i = 0; i < end; i++) {
                int count = count(i);
                if (count > 0) {
                    fewest = Math.min(fewest, count - 1);
                }
            }
            return fewest;
        }

        /** Connections of all others that accept, together. */
        public int totalElsewhere() {
            int total = 0;
            int end = (int) INT.getVolatile(memory, IN_USE);
            for (int i = 0; i < end; i++) {
                total += Math.max(0, count(i) - 1);
            }
            return total;
        }

        /** So many connections had something to do lately; as of now. */
        public void publishLively(int connections) {
            if (index != UNSEEN) {
                INT.setVolatile(memory, line(index) + LIVELY, connections);
                INT.setVolatile(memory, line(index) + TOLD, millis());
            }
        }

        /** How many others accept and have lately told how many lively connections they have. */
        public int tellingElsewhere() {
            int end = (int) INT.getVolatile(memory, IN_USE);
            return (int) IntStream.range(0, end).filter(this::tells).count();
        }

        /** Their lively connections, together. */
        public int livelyElsewhere() {
            int end = (int) INT.getVolatile(memory, IN_USE);
            return IntStream.range(0, end)
                    .filter(this::tells)
                    .map(i -> (int) INT.getVolatile(memory, line(i) + LIVELY))
                    .sum();
        }

        /** A worker that hangs accepts nothing, whatever it shows. */
        private boolean tells(int place) {
            int told = (int) INT.getVolatile(memory, line(place) + TOLD);
            return count(place) > 0 && told != NEVER && millis() - told <= LATELY_MILLIS;
        }

        private int count(int place) {
            return place == index ? 0 : (int) INT.getVolatile(memory, line(place) + COUNT);
        }

        private void write(int count) {
            if (index != UNSEEN) {
                INT.setVolatile(memory, line(index) + COUNT, count);
            }
        }
    }
}
