package io.jgunicorn.bench.scenario;

import io.jgunicorn.bench.load.LoadFailure;
import io.jgunicorn.bench.load.LoadResult;
import io.jgunicorn.bench.proc.CpuQuiet;
import io.jgunicorn.bench.result.CurveRow;
import io.jgunicorn.bench.result.ScenarioResult;
import io.jgunicorn.bench.server.Contender;
import io.jgunicorn.bench.server.RunningServer;
import io.jgunicorn.bench.server.ServerFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loads each server from the moment of its first answer on; one server runs at a time. */
final class CurveRunner {
    private static final int PEER_SECONDS = 15;
    private static final int SETTLED_STEPS = 4;
    private static final Duration SETTLE_LIMIT = Duration.ofMinutes(1);

    private final Stage stage;

    CurveRunner(Stage stage) {
        this.stage = stage;
    }

    ScenarioResult run(Scenario.Curves scenario)
            throws ServerFailure, LoadFailure, InterruptedException {
        Map<String, List<CurveRow.Run>> runs = new LinkedHashMap<>();
        for (Contender contender : scenario.contenders()) {
            runs.put(contender.name(), new ArrayList<>());
            prepare(contender, scenario);
        }
        for (int round = 0; round < stage.timing().rounds(); round++) {
            for (Contender contender : scenario.contenders()) {
                stage.say(
                        "round "
                                + (round + 1)
                                + " of "
                                + stage.timing().rounds()
                                + ": "
                                + contender.name());
                runs.get(contender.name()).add(run(contender, scenario));
            }
        }
        return new ScenarioResult(
                scenario.id(),
                scenario.title(),
                List.of("Each start is one with caches; the load begins with the first answer."),
                List.of(),
                List.of(),
                List.of(),
                runs.entrySet().stream()
                        .map(entry -> new CurveRow(entry.getKey(), entry.getValue()))
                        .toList());
    }

    /** One start that is not measured, so that those that are find their caches. */
    private void prepare(Contender contender, Scenario.Curves scenario)
            throws ServerFailure, InterruptedException {
        try (RunningServer server = stage.start(contender, scenario.application(), stage.site())) {
            CpuQuiet.await(List.of(server.tree()), SETTLED_STEPS, SETTLE_LIMIT);
        }
    }

    private CurveRow.Run run(Contender contender, Scenario.Curves scenario)
            throws ServerFailure, LoadFailure, InterruptedException {
        int seconds = stage.timing().curveSeconds();
        try (RunningServer server = stage.start(contender, scenario.application(), stage.site())) {
            RunningServer.Boot boot = server.boot();
            MemorySampler sampler = new MemorySampler(server, boot.ready());
            LoadResult load;
            try (sampler) {
                load =
                        stage.generator()
                                .runCounting(
                                        scenario.load(),
                                        server.port(),
                                        contender.warmsUp()
                                                ? seconds
                                                : Math.min(PEER_SECONDS, seconds),
                                        boot.ready());
            }
            server.checkAlive();
            return new CurveRow.Run(
                    boot.seconds(), server.tree().cpuSeconds(), load, sampler.points());
        }
    }
}
