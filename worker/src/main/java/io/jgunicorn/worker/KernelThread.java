package io.jgunicorn.worker;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A platform thread as the kernel sees it: whether it runs or waits, which Java does not know of a
 * thread inside native code. May be asked by any thread; not interruptible.
 */
final class KernelThread implements AutoCloseable {
    /** Enough of {@code stat} for the longest thread name in its brackets, and the state. */
    private static final int HEAD_BYTES = 64;

    private final RandomAccessFile stat;
    private final byte[] head = new byte[HEAD_BYTES];

    private KernelThread(RandomAccessFile stat) {
        this.stat = stat;
    }

    /**
     * The calling thread.
     *
     * @return null where the kernel does not show its threads in {@code /proc}
     */
    static KernelThread current() {
        try {
            Path task = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            return new KernelThread(
                    new RandomAccessFile("/proc/" + task + "/stat", "r")); // PID/task/TID
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    /**
     * True if the thread is not scheduled: it sleeps, waits for input or output, or has ended
     * (proc_pid_stat(5), field 3). Costs some microseconds.
     */
    synchronized boolean waits() {
        try {
            stat.seek(0);
            int length = stat.read(head);
            String line = new String(head, 0, Math.max(0, length), StandardCharsets.ISO_8859_1);
            int state = line.lastIndexOf(") ") + 2;
            return state >= 2 && state < line.length() && line.charAt(state) != 'R';
        } catch (IOException e) {
            return true; // it has ended
        }
    }

    @Override
    public synchronized void close() {
        try {
            stat.close();
        } catch (IOException e) {
            // nothing was written: nothing can be lost
        }
    }
}
