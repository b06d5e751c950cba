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
final class DescriptorLimit {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String LINE = "Max open files";

    private static final int LEAST = 16;

    /** At most 32 KB each while they are idle (docs/hardening.md). */
    private static final int MOST = 10_000;

    private DescriptorLimit() {}

    /** For this process; where the kernel does not tell, the usual limit is assumed. */
    static int connections() {
        try {
            return connections(Files.readAllLines(LIMITS));
        } catch (IOException _) {
            return connections(List.of());
        }
    }

    /**
     * @param limits the lines of {@code /proc/PID/limits}: name, soft limit, hard limit
     */
    static int connections(List<String> limits) {
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
        if (soft.equals("unlimited")) {
            return MOST;
        }
        return Math.clamp(Long.parseLong(soft) / 4, LEAST, MOST);
    }
}
