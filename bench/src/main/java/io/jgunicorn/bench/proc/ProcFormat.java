package io.jgunicorn.bench.proc;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text formats of {@code /proc}, see proc(5). Pure functions. */
final class ProcFormat {
    /** Clock ticks per second in {@code /proc}: 100 on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private static final Pattern RESIDENT =
            Pattern.compile("^VmRSS:\\s+(\\d+) kB$", Pattern.MULTILINE);

    // Fields of /proc/PID/stat counted after the command name, which may hold anything.
    private static final int UTIME = 11;
    private static final int CSTIME = 14;

    private ProcFormat() {}

    /**
     * CPU seconds of a process and of its reaped children.
     *
     * @param stat the text of {@code /proc/PID/stat}
     */
    static double cpuSeconds(String stat) {
        return ticks(stat, UTIME, CSTIME) / TICKS_PER_SECOND;
    }

    /** CPU seconds of the reaped children alone. */
    static double childrenCpuSeconds(String stat) {
        return ticks(stat, UTIME + 2, CSTIME) / TICKS_PER_SECOND;
    }

    private static long ticks(String stat, int first, int last) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).trim().split(" ");
        long sum = 0;
        for (int i = first; i <= last; i++) {
            sum += Long.parseLong(fields[i]);
        }
        return sum;
    }

    /**
     * Resident memory in MB (2^20 bytes); 0 for a zombie, which has none.
     *
     * @param status the text of {@code /proc/PID/status}
     */
    static double residentMb(String status) {
        Matcher matcher = RESIDENT.matcher(status);
        return matcher.find() ? Long.parseLong(matcher.group(1)) / 1024.0 : 0;
    }

    /**
     * Seconds that all processors together were not idle, since boot.
     *
     * @param stat the text of {@code /proc/stat}
     */
    static double busySeconds(String stat) {
        String[] fields = stat.lines().findFirst().orElseThrow().trim().split("\\s+");
        long sum = 0;
        for (int i = 1; i < fields.length && i <= 8; i++) {
            if (i != 4 && i != 5) { // idle and iowait
                sum += Long.parseLong(fields[i]);
            }
        }
        return sum / TICKS_PER_SECOND;
    }
}
