package io.jgunicorn.bench.scenario;

import io.jgunicorn.bench.load.Load;
import io.jgunicorn.bench.load.LoadFailure;
import io.jgunicorn.bench.load.LoadResult;
import io.jgunicorn.bench.proc.CpuQuiet;
import io.jgunicorn.bench.proc.Machine;
import io.jgunicorn.bench.proc.ProcessTree;
import io.jgunicorn.bench.result.LoadRow;
import io.jgunicorn.bench.result.LoadTable;
import io.jgunicorn.bench.result.Round;
import io.jgunicorn.bench.result.ScenarioResult;
import io.jgunicorn.bench.result.WarmUp;
import io.jgunicorn.bench.server.Contender;
import io.jgunicorn.bench.server.HttpProbe;
import io.jgunicorn.bench.server.RunningServer;
import io.jgunicorn.bench.server.ServerFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Measures servers that all run from beginning to end, one at a time: in each round every load goes
 * to every server in turn, and each round begins with another one.
 */
final class SteadyRunner {
    private static final Duration QUIET_LIMIT = Duration.ofSeconds(5);
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(3);

    private final Stage stage;
    private final List<RunningServer> servers = new ArrayList<>();

    SteadyRunner(Stage stage) {
        this.stage = stage;
    }

    ScenarioResult run(Scenario.Steady scenario)
            throws ServerFailure, LoadFailure, InterruptedException {
        try {
            for (Contender contender : scenario.contenders()) {
                stage.say("starting " + contender.name());
                servers.add(stage.start(contender, scenario.application(), stage.site()));
            }
            List<WarmUp> warmUps = new ArrayList<>();
            for (RunningServer server : servers) {
                warmUps.add(warmUp(server, scenario));
            }
            Measurements measurements = new Measurements(scenario.loads(), servers.size());
            probe(scenario.loads(), measurements);
            for (int round = 0; round < stage.timing().rounds(); round++) {
                measure(scenario.loads(), round, measurements);
            }
            return new ScenarioResult(
                    scenario.id(),
                    scenario.title(),
                    notes(scenario, measurements),
                    warmUps,
                    measurements.tables(scenario),
                    List.of(),
                    List.of());
        } finally {
            servers.reversed().forEach(RunningServer::close);
        }
    }

    private WarmUp warmUp(RunningServer server, Scenario.Steady scenario)
            throws LoadFailure, ServerFailure, InterruptedException {
        int seconds =
                server.contender().warmsUp()
                        ? scenario.warmSeconds()
                        : Math.min(Timing.PEER_WARM_SECONDS, scenario.warmSeconds());
        stage.say("warming up " + server.contender().name() + " for " + seconds + " s");
        Load first = scenario.loads().getFirst();
        LoadResult result =
                stage.generator()
                        .runCounting(closedLoop(first), server.port(), seconds, Instant.now());
        for (Load load : scenario.loads()) {
            if (!load.equals(first) || !(load instanceof Load.ClosedLoop)) {
                int brief = Math.min(Timing.PEER_WARM_SECONDS, stage.timing().roundSeconds());
                stage.generator().run(load, server.port(), brief);
            }
        }
        server.checkAlive();
        return new WarmUp(
                server.contender().name(),
                server.boot().seconds(),
                server.boot().cpuSeconds(),
                result);
    }

    private static Load.ClosedLoop closedLoop(Load load) {
        return switch (load) {
            case Load.ClosedLoop closed -> closed;
            case Load.FixedRate fixed ->
                    Load.ClosedLoop.get(
                            fixed.id(), fixed.title(), fixed.path(), fixed.connections());
            case Load.Mixed mixed -> mixed.fast();
        };
    }

    private void probe(List<Load> loads, Measurements measurements) {
        for (int i = 0; i < servers.size(); i++) {
            for (Load load : loads) {
                measurements.served(
                        load,
                        i,
                        HttpProbe.countServed(
                                servers.get(i).port(),
                                load.path(),
                                load.connections(),
                                PROBE_LIMIT));
            }
        }
    }

    private void measure(List<Load> loads, int round, Measurements measurements)
            throws LoadFailure, ServerFailure, InterruptedException {
        stage.say("round " + (round + 1) + " of " + stage.timing().rounds());
        List<Integer> turns = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            turns.add(i);
        }
        Collections.rotate(turns, -round);
        List<ProcessTree> trees = servers.stream().map(RunningServer::tree).toList();
        for (Load load : loads) {
            for (int turn : turns) {
                CpuQuiet.await(trees, 2, QUIET_LIMIT);
                measurements.add(load, turn, measure(load, servers.get(turn)));
            }
        }
    }

    private Round measure(Load load, RunningServer server)
            throws LoadFailure, ServerFailure, InterruptedException {
        double busyBefore = Machine.busySeconds();
        double clientBefore = Machine.childrenCpuSeconds();
        double serverBefore = server.tree().cpuSeconds();
        LoadResult result =
                stage.generator().run(load, server.port(), stage.timing().roundSeconds());
        double serverCpu = server.tree().cpuSeconds() - serverBefore;
        double clientCpu = Machine.childrenCpuSeconds() - clientBefore;
        double busy = Machine.busySeconds() - busyBefore;
        server.checkAlive();
        return new Round(
                result,
                serverCpu,
                clientCpu,
                Math.max(0, busy - serverCpu - clientCpu),
                server.memory().total());
    }

    private List<String> notes(Scenario.Steady scenario, Measurements measurements) {
        List<String> notes = new ArrayList<>(scenario.notes());
        SameAnswer.problem(servers, scenario.loads().getFirst().path()).ifPresent(notes::add);
        for (LoadTable table : measurements.tables(scenario)) {
            for (LoadRow row : table.rows()) {
                if (row.served() < table.connections()) {
                    notes.add(
                            row.contender()
                                    + " served only "
                                    + row.served()
                                    + " of "
                                    + table.connections()
                                    + " open connections at once ("
                                    + table.title()
                                    + "): its latencies are those of the lucky ones.");
                }
            }
        }
        return notes;
    }
}
