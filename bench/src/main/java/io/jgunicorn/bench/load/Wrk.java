package io.jgunicorn.bench.load;

import io.jgunicorn.bench.proc.Pinning;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The command line of wrk. */
final class Wrk {
    /** wrk counts an answer as failed that took longer. */
    static final int TIMEOUT_SECONDS = 2;

    private static final int MOST_THREADS = 2;

    private final Path script;
    private final Pinning pinning;

    /**
     * Writes command lines for one script.
     *
     * @param script wrk.lua as a file
     */
    Wrk(Path script, Pinning pinning) {
        this.script = script;
        this.pinning = pinning;
    }

    /**
     * The words that run a load.
     *
     * @param since if present, answers per second are counted from this moment on
     */
    List<String> command(Load.ClosedLoop load, int port, double seconds, Optional<Instant> since) {
        int threads =
                Math.max(
                        1,
                        Math.min(
                                MOST_THREADS,
                                Math.min(pinning.clientProcessors(), load.connections())));
        List<String> words = new ArrayList<>(pinning.client());
        words.addAll(
                List.of(
                        "wrk",
                        "--threads",
                        Integer.toString(threads),
                        "--connections",
                        Integer.toString(load.connections()),
                        "--duration",
                        Math.max(1, Math.round(seconds)) + "s",
                        "--timeout",
                        TIMEOUT_SECONDS + "s",
                        "--script",
                        script.toString()));
        if (!load.keepAlive()) {
            words.addAll(List.of("--header", "Connection: close"));
        }
        words.add("http://127.0.0.1:" + port + load.path());
        words.add("--");
        if (load.postBytes() > 0) {
            words.add("post=" + load.postBytes());
        }
        since.ifPresent(
                moment -> {
                    words.add(
                            String.format(
                                    Locale.ROOT, "since=%.3f", moment.toEpochMilli() / 1000.0));
                    words.add("skip=" + load.connections() / threads);
                });
        return words;
    }
}
