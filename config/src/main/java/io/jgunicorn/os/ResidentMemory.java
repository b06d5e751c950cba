package io.jgunicorn.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * How much memory a process takes: heap, code, stacks, and what it shares with others ({@code
 * VmRSS}, proc_pid_status(5)). Stateless.
 */
public final class ResidentMemory {
    private static final String LINE = "VmRSS:";

    private ResidentMemory() {}

    /** Bytes of this process; 0 where the kernel does not tell. Reads a file of the kernel's. */
    public static long ofThis() {
        return of(Path.of("/proc/self/status")).orElse(0);
    }

    /** Bytes of a process; empty if it is gone. Reads a file of the kernel's. */
    public static OptionalLong of(long pid) {
        return of(Path.of("/proc", Long.toString(pid), "status"));
    }

    private static OptionalLong of(Path status) {
        try {
            return of(Files.readAllLines(status));
        } catch (IOException _) {
            return OptionalLong.empty();
        }
    }

    /** Bytes, from the lines of {@code /proc/PID/status}. */
    static OptionalLong of(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(LINE))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .findFirst();
    }
}
