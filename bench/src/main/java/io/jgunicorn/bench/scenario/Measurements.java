package io.jgunicorn.bench.scenario;

import io.jgunicorn.bench.load.Load;
import io.jgunicorn.bench.result.LoadRow;
import io.jgunicorn.bench.result.LoadTable;
import io.jgunicorn.bench.result.Round;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects rounds while they are run. Servers go by their place in the scenario. */
final class Measurements {
    private final Map<String, List<List<Round>>> rounds = new LinkedHashMap<>();
    private final Map<String, int[]> served = new LinkedHashMap<>();

    Measurements(List<Load> loads, int servers) {
        for (Load load : loads) {
            List<List<Round>> empty = new ArrayList<>();
            for (int i = 0; i < servers; i++) {
                empty.add(new ArrayList<>());
            }
            rounds.put(load.id(), empty);
            served.put(load.id(), new int[servers]);
        }
    }

    void add(Load load, int server, Round round) {
        rounds.get(load.id()).get(server).add(round);
    }

    void served(Load load, int server, int connections) {
        served.get(load.id())[server] = connections;
    }

    List<LoadTable> tables(Scenario.Steady scenario) {
        List<LoadTable> tables = new ArrayList<>();
        for (Load load : scenario.loads()) {
            List<LoadRow> rows = new ArrayList<>();
            for (int i = 0; i < scenario.contenders().size(); i++) {
                rows.add(
                        new LoadRow(
                                scenario.contenders().get(i).name(),
                                served.get(load.id())[i],
                                rounds.get(load.id()).get(i)));
            }
            tables.add(new LoadTable(load.id(), load.title(), load.connections(), rows));
        }
        return tables;
    }
}
