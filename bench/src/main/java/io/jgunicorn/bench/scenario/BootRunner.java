package io.jgunicorn.bench.scenario;

import io.jgunicorn.bench.proc.CpuQuiet;
import io.jgunicorn.bench.result.BootRow;
import io.jgunicorn.bench.result.ScenarioResult;
import io.jgunicorn.bench.server.Contender;
import io.jgunicorn.bench.server.RunningServer;
import io.jgunicorn.bench.server.ServerFailure;
import io.jgunicorn.bench.server.Site;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures starts, one server at a time, in turns. A first start finds no cache of the product or
 * of Python; the files themselves are in the system's memory either way.
 */
final class BootRunner {
    private static final int SETTLED_STEPS = 4;

    private final Stage stage;

    BootRunner(Stage stage) {
        this.stage = stage;
    }

    /** A start to be measured. */
    private record Key(Contender contender, BootRow.Start start) {}

    ScenarioResult run(Scenario.Boots scenario)
            throws ServerFailure, IOException, InterruptedException {
        Map<Key, List<BootRow.Sample>> samples = new LinkedHashMap<>();
        for (Contender contender : scenario.contenders()) {
            for (BootRow.Start start : BootRow.Start.values()) {
                samples.put(new Key(contender, start), new ArrayList<>());
            }
        }
        for (int round = 0; round < stage.timing().rounds(); round++) {
            stage.say("round " + (round + 1) + " of " + stage.timing().rounds());
            List<Contender> turns = new ArrayList<>(scenario.contenders());
            Collections.rotate(turns, -round);
            for (Contender contender : turns) {
                boot(scenario, contender, round, samples);
            }
        }
        return new ScenarioResult(
                scenario.id(),
                scenario.title(),
                List.of(
                        "Idle is awaited for at most "
                                + stage.timing().settleSeconds()
                                + " s after ready.",
                        "A first start finds no cache of the product or of Python; a second start"
                                + " follows when the first server is idle and stopped. The files are in"
                                + " the system's page cache either way."),
                List.of(),
                List.of(),
                samples.entrySet().stream()
                        .map(
                                entry ->
                                        new BootRow(
                                                entry.getKey().contender().name(),
                                                entry.getKey().start(),
                                                entry.getValue()))
                        .toList(),
                List.of());
    }

    private void boot(
            Scenario.Boots scenario,
            Contender contender,
            int round,
            Map<Key, List<BootRow.Sample>> samples)
            throws ServerFailure, IOException, InterruptedException {
        int place = scenario.contenders().indexOf(contender);
        Path folder = stage.work().resolve("boot-" + place);
        boolean first = round < stage.timing().firstStarts();
        if (first && round > 0) {
            new Site(folder).delete();
        }
        Site site = Site.at(folder, stage.installation());
        if (first) {
            samples.get(new Key(contender, BootRow.Start.FIRST))
                    .add(boot(scenario, contender, site));
        }
        samples.get(new Key(contender, BootRow.Start.SECOND)).add(boot(scenario, contender, site));
        if (round == stage.timing().rounds() - 1) {
            site.delete();
        }
    }

    private BootRow.Sample boot(Scenario.Boots scenario, Contender contender, Site site)
            throws ServerFailure, InterruptedException {
        try (RunningServer server = stage.start(contender, scenario.application(), site)) {
            long ready = System.nanoTime();
            CpuQuiet.await(
                    List.of(server.tree()),
                    SETTLED_STEPS,
                    Duration.ofSeconds(stage.timing().settleSeconds()));
            double settling = (System.nanoTime() - ready) / 1e9;
            return new BootRow.Sample(
                    server.boot().seconds(),
                    server.boot().cpuSeconds(),
                    server.boot().seconds() + settling,
                    server.tree().cpuSeconds(),
                    server.memory().total());
        }
    }
}
