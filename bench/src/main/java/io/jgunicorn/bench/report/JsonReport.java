package io.jgunicorn.bench.report;

import io.jgunicorn.bench.figures.Figure;
import io.jgunicorn.bench.figures.Figures;
import io.jgunicorn.bench.json.Json;
import io.jgunicorn.bench.load.LoadResult;
import io.jgunicorn.bench.result.BenchRun;
import io.jgunicorn.bench.result.BootRow;
import io.jgunicorn.bench.result.CurveRow;
import io.jgunicorn.bench.result.LoadRow;
import io.jgunicorn.bench.result.LoadTable;
import io.jgunicorn.bench.result.Provenance;
import io.jgunicorn.bench.result.Round;
import io.jgunicorn.bench.result.ScenarioResult;
import io.jgunicorn.bench.result.WarmUp;
import io.jgunicorn.bench.stats.Spread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A run as JSON: every round, so that others can compute anew. Times are seconds unless the name
 * says ms, memory is MB (2^20 bytes).
 */
public final class JsonReport {
    private JsonReport() {}

    public static String write(BenchRun run) {
        return Json.write(
                object(
                        "provenance", provenance(run.provenance()),
                        "figures", Figures.of(run).stream().map(JsonReport::figure).toList(),
                        "scenarios", run.scenarios().stream().map(JsonReport::scenario).toList(),
                        "failures", run.failures()));
    }

    private static Map<String, Object> provenance(Provenance provenance) {
        return object(
                "time", provenance.time().toString(),
                "commit", provenance.commit(),
                "machine", provenance.machine(),
                "arguments", provenance.arguments(),
                "facts", provenance.facts());
    }

    private static Map<String, Object> figure(Figure figure) {
        Spread value = figure.value();
        return object(
                "name", figure.name(),
                "unit", figure.unit().name(),
                "median", finite(value.median()),
                "min", finite(value.min()),
                "max", finite(value.max()),
                "samples", value.count(),
                "better", figure.target().direction().name(),
                "atLeast", figure.target().atLeast(),
                "aim", figure.target().aim(),
                "verdict", figure.verdict().name());
    }

    private static Map<String, Object> scenario(ScenarioResult scenario) {
        return object(
                "id", scenario.id(),
                "title", scenario.title(),
                "notes", scenario.notes(),
                "warmUps", scenario.warmUps().stream().map(JsonReport::warmUp).toList(),
                "loads", scenario.loads().stream().map(JsonReport::load).toList(),
                "boots", scenario.boots().stream().map(JsonReport::boot).toList(),
                "curves", scenario.curves().stream().map(JsonReport::curve).toList());
    }

    private static Map<String, Object> warmUp(WarmUp warmUp) {
        return object(
                "server", warmUp.contender(),
                "readySeconds", warmUp.readySeconds(),
                "readyCpuSeconds", warmUp.readyCpuSeconds(),
                "seconds", warmUp.load().seconds(),
                "errors", warmUp.load().errors().total(),
                "requestsInEachSecond", warmUp.load().perSecond());
    }

    private static Map<String, Object> load(LoadTable table) {
        return object(
                "id", table.id(),
                "title", table.title(),
                "connections", table.connections(),
                "servers", table.rows().stream().map(JsonReport::row).toList());
    }

    private static Map<String, Object> row(LoadRow row) {
        return object(
                "server", row.contender(),
                "connectionsServedAtOnce", row.served(),
                "requestsPerSecond", row.rates(),
                "p50Ms", latency(row, load -> load.latency().p50()),
                "p90Ms", latency(row, load -> load.latency().p90()),
                "p99Ms", latency(row, load -> load.latency().p99()),
                "p999Ms", latency(row, load -> load.latency().p999()),
                "maxMs", latency(row, load -> load.latency().max()),
                "requests", latency(row, LoadResult::requests),
                "seconds", latency(row, LoadResult::seconds),
                "errors", latency(row, load -> load.errors().total()),
                "kindsOfErrors", row.errors().description(),
                "serverCpuSeconds", row.values(Round::serverCpuSeconds),
                "serverCpuSecondsPer1000", row.values(Round::cpuSecondsPerThousand),
                "clientCpuSeconds", row.values(Round::clientCpuSeconds),
                "otherCpuSeconds", row.values(Round::otherCpuSeconds),
                "residentMb", row.values(Round::residentMb));
    }

    private static List<Double> latency(LoadRow row, ToDoubleFunction<LoadResult> value) {
        return row.values(round -> value.applyAsDouble(round.load()));
    }

    private static Map<String, Object> boot(BootRow row) {
        return object(
                "server", row.contender(),
                "start", row.start().name(),
                "seconds", row.values(BootRow.Sample::seconds),
                "cpuSeconds", row.values(BootRow.Sample::cpuSeconds),
                "settledSeconds", row.values(BootRow.Sample::settledSeconds),
                "settledCpuSeconds", row.values(BootRow.Sample::settledCpuSeconds),
                "residentMb", row.values(BootRow.Sample::residentMb));
    }

    private static Map<String, Object> curve(CurveRow row) {
        return object(
                "server", row.contender(),
                "runs", row.runs().stream().map(JsonReport::curveRun).toList());
    }

    private static Map<String, Object> curveRun(CurveRow.Run run) {
        return object(
                "readySeconds", run.readySeconds(),
                "cpuSeconds", run.cpuSeconds(),
                "errors", run.load().errors().total(),
                "requestsInEachSecond", run.load().perSecond(),
                "memorySeconds", memory(run, CurveRow.MemoryPoint::second),
                "masterMb", memory(run, point -> point.memory().master()),
                "workerMb", memory(run, point -> point.memory().worker()),
                "totalMb", memory(run, point -> point.memory().total()));
    }

    private static List<Double> memory(
            CurveRow.Run run, ToDoubleFunction<CurveRow.MemoryPoint> value) {
        return run.memory().stream().mapToDouble(value).boxed().toList();
    }

    /** What was never reached is null. */
    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** Keeps the order. */
    private static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
