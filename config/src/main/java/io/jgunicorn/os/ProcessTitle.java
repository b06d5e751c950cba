package io.jgunicorn.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What {@code ps}, {@code top} and {@code pgrep} show of this process, in place of the long command
 * line of a JVM (gunicorn: {@code proc_name} with setproctitle). The command line is written over,
 * where the kernel reads it (proc_pid_cmdline(5)); {@code jcmd PID VM.command_line} still knows it.
 * Linux only; elsewhere nothing changes.
 */
public final class ProcessTitle {
    // Places in /proc/PID/stat (proc_pid_stat(5)), counted after the name, which may hold blanks.
    private static final int ARG_START = 48 - 3;
    private static final int ARG_END = 49 - 3;

    private ProcessTitle() {}

    /**
     * Shows a title from now on, cut to the length of the command line. Any thread, one at a time.
     */
    public static void set(String title) {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(") ") + 2).split(" ");
            long start = Long.parseUnsignedLong(fields[ARG_START]);
            long end = Long.parseUnsignedLong(fields[ARG_END]);
            byte[] text = title.getBytes(StandardCharsets.UTF_8);
            if (start != 0 && end - start > 1) {
                // The last byte stays zero: else the kernel reads on into the environment.
                byte[] line = Arrays.copyOf(text, Math.toIntExact(end - start));
                line[line.length - 1] = 0;
                LibC.overwrite(start, line);
            }
            Files.write(Path.of("/proc/self/comm"), text); // the kernel keeps 15 bytes
        } catch (IOException _) {
            // No such files here: the title stays what it is.
        }
    }
}
