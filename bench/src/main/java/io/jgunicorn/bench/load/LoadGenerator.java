package io.jgunicorn.bench.load;

import io.jgunicorn.bench.proc.OwnChildren;
import io.jgunicorn.bench.proc.Pinning;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs load generators, one measured load at a time, against ports of this machine. */
public final class LoadGenerator {
    /** The slow side of a mixed load starts before and ends after the measured side. */
    private static final double MARGIN_SECONDS = 1;

    private final Path directory;
    private final Pinning pinning;
    private final Wrk wrk;

    /**
     * A generator that runs where the pinning allows.
     *
     * @param directory for the generators' own files; must exist
     * @throws IOException if the script cannot be written there
     */
    public LoadGenerator(Path directory, Pinning pinning) throws IOException {
        this.directory = directory;
        this.pinning = pinning;
        Path script = directory.resolve("wrk.lua");
        try (InputStream source = LoadGenerator.class.getResourceAsStream("wrk.lua")) {
            Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
        }
        this.wrk = new Wrk(script, pinning);
    }

    /**
     * Runs a load to its end.
     *
     * @throws LoadFailure if the generator gives no result
     */
    public LoadResult run(Load load, int port, double seconds)
            throws LoadFailure, InterruptedException {
        return switch (load) {
            case Load.ClosedLoop closed -> runWrk(closed, port, seconds, Optional.empty());
            case Load.FixedRate fixed -> runH2load(fixed, port, seconds);
            case Load.Mixed mixed -> runMixed(mixed, port, seconds);
        };
    }

    /** Runs a load and counts its answers in each second since a moment. */
    public LoadResult runCounting(Load.ClosedLoop load, int port, double seconds, Instant since)
            throws LoadFailure, InterruptedException {
        return runWrk(load, port, seconds, Optional.of(since));
    }

    private LoadResult runWrk(
            Load.ClosedLoop load, int port, double seconds, Optional<Instant> since)
            throws LoadFailure, InterruptedException {
        return WrkOutput.parse(output(start(wrk.command(load, port, seconds, since))));
    }

    private LoadResult runMixed(Load.Mixed mixed, int port, double seconds)
            throws LoadFailure, InterruptedException {
        Process slow =
                start(
                        wrk.command(
                                mixed.slow(),
                                port,
                                seconds + 2 * MARGIN_SECONDS,
                                Optional.empty()));
        try {
            // Until the slow requests fill the server: there is no event that tells.
            Thread.sleep(Math.round(MARGIN_SECONDS * 1000));
            LoadResult fast = runWrk(mixed.fast(), port, seconds, Optional.empty());
            LoadResult beside = WrkOutput.parse(output(slow));
            return new LoadResult(
                    fast.requests(),
                    fast.seconds(),
                    fast.latency(),
                    fast.errors().plus(beside.errors()),
                    List.of());
        } finally {
            slow.destroy();
        }
    }

    private LoadResult runH2load(Load.FixedRate load, int port, double seconds)
            throws LoadFailure, InterruptedException {
        Path log = directory.resolve("h2load.log");
        try {
            Files.deleteIfExists(log);
            List<String> words = new ArrayList<>(pinning.client());
            words.addAll(
                    List.of(
                            "h2load",
                            "--h1",
                            "--clients=" + load.connections(),
                            "--rps=" + load.requestsPerSecond() / load.connections(),
                            "--duration=" + Math.round(seconds),
                            "--log-file=" + log,
                            "http://127.0.0.1:" + port + load.path()));
            String printed = output(start(words));
            if (!Files.exists(log)) {
                throw new LoadFailure("h2load wrote no log:\n" + printed.strip());
            }
            return H2loadLog.parse(Files.readAllLines(log), Math.rint(seconds));
        } catch (IOException e) {
            throw new LoadFailure("h2load's log cannot be read: " + e.getMessage());
        }
    }

    private static Process start(List<String> command) throws LoadFailure {
        try {
            Process process =
                    OwnChildren.start(new ProcessBuilder(command).redirectErrorStream(true));
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new LoadFailure("cannot run " + command.getFirst() + ": " + e.getMessage());
        }
    }

    /** Waits for the end. */
    private static String output(Process process) throws LoadFailure, InterruptedException {
        try {
            byte[] bytes = process.getInputStream().readAllBytes();
            String text = new String(bytes, StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new LoadFailure("the load generator ended with " + code + ":\n" + text);
            }
            return text;
        } catch (IOException e) {
            throw new LoadFailure("the load generator's output cannot be read: " + e.getMessage());
        }
    }
}
