package io.jgunicorn.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How many connections a worker takes whose class knows no such setting: a quarter of the
 * descriptors it may have, for uploads need up to three each and the application some too, but not
 * more than its memory is good for. The JVM has raised the soft limit to the hard one ({@code
 * ulimit -Hn}).
 */
final class ConnectionLimit {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String LINE = "Max open files";

    private static final int LEAST = 16;
    private static final int MOST = 10_000;

    /** Of the heap: what a connection may hold of a body that has not arrived completely, twice. */
    private static final int BYTES_OF_ONE = 128 * 1024;

    private ConnectionLimit() {}

    /** For this process; where the kernel does not tell, the usual limit is assumed. */
    static int connections() {
        long heap = Runtime.getRuntime().maxMemory();
        try {
            return connections(Files.readAllLines(LIMITS), heap);
        } catch (IOException _) {
            return connections(List.of(), heap);
        }
    }

    /**
     * @param limits the lines of {@code /proc/PID/limits}: name, soft limit, hard limit
     * @param heap its bound in bytes
     */
    static int connections(List<String> limits, long heap) {
        String soft =
                limits.stream()
                        .filter(line -> line.startsWith(LINE))
                        .map(
                                line ->
                                        line.substring(LINE.length())
                                                .strip()
                                                .replaceFirst("\\s.*", ""))
                        .findFirst()
                        .orElse("1024");
        long most = Math.min(MOST, heap / BYTES_OF_ONE);
        long descriptors = soft.equals("unlimited") ? MOST : Long.parseLong(soft) / 4;
        return (int) Math.max(LEAST, Math.min(descriptors, most));
    }
}
