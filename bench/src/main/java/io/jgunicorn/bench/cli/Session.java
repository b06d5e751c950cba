package io.jgunicorn.bench.cli;

import io.jgunicorn.bench.load.LoadFailure;
import io.jgunicorn.bench.load.LoadGenerator;
import io.jgunicorn.bench.proc.Machine;
import io.jgunicorn.bench.proc.OwnChildren;
import io.jgunicorn.bench.proc.Pinning;
import io.jgunicorn.bench.report.HtmlReport;
import io.jgunicorn.bench.report.JsonReport;
import io.jgunicorn.bench.report.TextReport;
import io.jgunicorn.bench.result.BenchRun;
import io.jgunicorn.bench.result.Provenance;
import io.jgunicorn.bench.result.ScenarioResult;
import io.jgunicorn.bench.scenario.Scenario;
import io.jgunicorn.bench.scenario.ScenarioRunner;
import io.jgunicorn.bench.scenario.Stage;
import io.jgunicorn.bench.scenario.Timing;
import io.jgunicorn.bench.server.Installation;
import io.jgunicorn.bench.server.ServerFailure;
import io.jgunicorn.bench.server.Site;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs scenarios one after the other. The results are written after each of them, so that a long
 * run that is stopped leaves what it has found.
 */
final class Session {
    private static final DateTimeFormatter FILE_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Installation installation;
    private final Timing timing;
    private final Path folder;
    private final Path target;
    private final Pinning pinning;
    private final Provenance provenance;
    private final List<ScenarioResult> found = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /**
     * Prepares a run.
     *
     * @param root the source tree
     * @param folder where the results go
     * @param arguments for the report
     */
    Session(
            Path root,
            Installation installation,
            Timing timing,
            Path folder,
            List<String> arguments) {
        this.installation = installation;
        this.timing = timing;
        this.folder = folder;
        this.target = root.resolve("bench/target");
        this.pinning = Pinning.of(Machine.processors());
        this.provenance =
                new Provenance(
                        Instant.now().truncatedTo(ChronoUnit.SECONDS),
                        Tools.commit(root),
                        Machine.description(),
                        arguments,
                        facts());
    }

    private List<String> facts() {
        List<String> facts = new ArrayList<>();
        facts.add(
                timing.rounds()
                        + " rounds in turns, "
                        + timing.roundSeconds()
                        + " s each; warm-up "
                        + timing.warmSeconds()
                        + " s (frameworks "
                        + timing.frameworkWarmSeconds()
                        + " s) for servers that compile, at most 4 s for others");
        facts.add(pinning.description());
        facts.add(
                "A request is failed when it gets no connection, an answer after more than 2 s, or one"
                        + " that is neither 2xx nor 3xx. Connections that get no answer at all are"
                        + " counted apart.");
        facts.addAll(Tools.versions(installation));
        return facts;
    }

    /**
     * Runs scenarios; one that fails is reported and the next one begins.
     *
     * @return true if all went well
     * @throws IOException if results cannot be written
     */
    boolean run(List<Scenario> scenarios) throws IOException, InterruptedException {
        Path work = target.resolve("work");
        // Two runs would disturb each other's files, and figures.
        try (FileChannel channel =
                        FileChannel.open(
                                target.resolve("bench.lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw new IOException("another bench is running in this tree");
            }
            if (Files.exists(work)) {
                new Site(work).delete(); // left by a run that was stopped
            }
            Files.createDirectories(work);
            Stage stage =
                    new Stage(
                            installation,
                            pinning,
                            new LoadGenerator(work, pinning),
                            Site.at(target.resolve("site"), installation),
                            work,
                            timing,
                            Session::say);
            ScenarioRunner runner = new ScenarioRunner(stage);
            for (Scenario scenario : scenarios) {
                run(scenario, runner);
            }
            new Site(work).delete();
        }
        System.out.print(TextReport.figures(result()));
        System.out.println();
        for (String end : List.of(".json", ".html")) {
            System.out.println("written: " + folder.resolve(name() + end));
        }
        return failures.isEmpty();
    }

    private void run(Scenario scenario, ScenarioRunner runner)
            throws IOException, InterruptedException {
        say("== " + scenario.id());
        try {
            ScenarioResult result = runner.run(scenario);
            found.add(result);
            System.out.print(TextReport.scenario(result));
        } catch (ServerFailure | LoadFailure e) {
            if (OwnChildren.stopping()) {
                throw new InterruptedException("stopped");
            }
            say(scenario.id() + " was not measured: " + e.getMessage());
            failures.add(scenario.id() + ": " + e.getMessage());
        }
        write();
    }

    private void write() throws IOException {
        Files.writeString(folder.resolve(name() + ".json"), JsonReport.write(result()));
        Files.writeString(folder.resolve(name() + ".html"), HtmlReport.write(result()));
    }

    private BenchRun result() {
        return new BenchRun(provenance, found, failures);
    }

    private String name() {
        return "bench-" + FILE_TIME.format(provenance.time()) + "-" + provenance.commit();
    }

    private static void say(String line) {
        System.err.println("bench: " + line);
    }
}
