package io.jgunicorn.worker;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A platform thread as the kernel sees it: whether it runs or waits, which Java does not know of a
 * thread inside native code. May be asked by any thread; not interruptible. Keeps no descriptor:
 * Python's select needs the low ones.
 *
 * @param stat the thread's {@code stat} in {@code /proc}
 */
record KernelThread(String stat) {
    /** Enough of {@code stat} for the longest thread name in its brackets, and the state. */
    private static final int HEAD_BYTES = 64;

    /**
     * The calling thread.
     *
     * @return null where the kernel does not show its threads in {@code /proc}
     */
    static KernelThread current() {
        try {
            Path task = Files.readSymbolicLink(Path.of("/proc/thread-self")); // PID/task/TID
            return new KernelThread("/proc/" + task + "/stat");
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    /**
     * True if the thread is not scheduled: it sleeps, waits for input or output, or has ended
     * (proc_pid_stat(5), field 3). Costs some ten microseconds.
     */
    boolean waits() {
        try (InputStream in = new FileInputStream(stat)) {
            String line = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
            int state = line.lastIndexOf(") ") + 2;
            return state >= 2 && state < line.length() && line.charAt(state) != 'R';
        } catch (IOException e) {
            return true; // it has ended
        }
    }
}
