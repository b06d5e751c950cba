package io.jgunicorn.bench.proc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The whole machine: what it is, and how busy. */
public final class Machine {
    private Machine() {}

    /** CPU seconds used by everybody since boot, over all processors. */
    public static double busySeconds() {
        return ProcFormat.busySeconds(read("/proc/stat"));
    }

    /** CPU seconds of this process's ended children: the load generators. */
    public static double childrenCpuSeconds() {
        return ProcFormat.childrenCpuSeconds(read("/proc/self/stat"));
    }

    public static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** One line: processor, count, memory, kernel. */
    public static String description() {
        return value("/proc/cpuinfo", "model name")
                + ", "
                + processors()
                + " processors, "
                + value("/proc/meminfo", "MemTotal")
                + ", "
                + System.getProperty("os.name")
                + " "
                + read("/proc/sys/kernel/osrelease").trim();
    }

    private static String value(String file, String name) {
        Optional<String> line =
                read(file).lines().filter(candidate -> candidate.startsWith(name)).findFirst();
        return line.map(found -> found.substring(found.indexOf(':') + 1).trim())
                .orElse("unknown " + name);
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": is this Linux?", e);
        }
    }
}
