package io.jgunicorn.bench;

import io.jgunicorn.bench.load.Errors;
import io.jgunicorn.bench.load.Latency;
import io.jgunicorn.bench.load.LoadResult;
import io.jgunicorn.bench.proc.Memory;
import io.jgunicorn.bench.result.BenchRun;
import io.jgunicorn.bench.result.BootRow;
import io.jgunicorn.bench.result.CurveRow;
import io.jgunicorn.bench.result.LoadRow;
import io.jgunicorn.bench.result.LoadTable;
import io.jgunicorn.bench.result.Provenance;
import io.jgunicorn.bench.result.Round;
import io.jgunicorn.bench.result.ScenarioResult;
import io.jgunicorn.bench.result.WarmUp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Results made by hand, for tests. */
public final class Samples {
    public static final Errors TWO_TIMEOUTS = new Errors(0, 0, 0, 0, 2);

    private Samples() {}

    public static BenchRun run(ScenarioResult... scenarios) {
        Provenance provenance =
                new Provenance(
                        Instant.parse("2026-11-21T10:00:00Z"),
                        "abc1234",
                        "a <machine>",
                        List.of("--quick"),
                        List.of("not pinned"));
        return new BenchRun(provenance, List.of(scenarios), List.of());
    }

    public static ScenarioResult loads(String id, LoadTable... tables) {
        return new ScenarioResult(
                id,
                "Scenario " + id,
                List.of("a note"),
                List.of(new WarmUp("jgunicorn -w 1", 4, 7, load(100, 1, Errors.NONE, 10, 20, 5))),
                List.of(tables),
                List.of(),
                List.of());
    }

    public static LoadTable table(String id, LoadRow... rows) {
        return new LoadTable(id, "Load " + id, 16, List.of(rows));
    }

    /** A row with a round for each rate; p99 is 1000 / rate. */
    public static LoadRow row(String contender, Errors errors, double... rates) {
        return new LoadRow(
                contender,
                16,
                Arrays.stream(rates)
                        .mapToObj(
                                rate -> new Round(load(rate, 1000 / rate, errors), 0.5, 0.2, 0, 80))
                        .toList());
    }

    public static LoadRow row(String contender, double... rates) {
        return row(contender, Errors.NONE, rates);
    }

    public static LoadResult load(double rate, double p99, Errors errors, long... perSecond) {
        return new LoadResult(
                Math.round(rate * 10),
                10,
                new Latency(p99 / 4, p99 / 2, p99, p99 * 2, p99 * 4),
                errors,
                Arrays.stream(perSecond).boxed().toList());
    }

    public static ScenarioResult boots(String id, BootRow... rows) {
        return new ScenarioResult(
                id, "Boots", List.of(), List.of(), List.of(), List.of(rows), List.of());
    }

    public static BootRow boot(String contender, BootRow.Start start, double... seconds) {
        return new BootRow(
                contender,
                start,
                Arrays.stream(seconds)
                        .mapToObj(one -> new BootRow.Sample(one, one * 2, one + 1, one * 3, 500))
                        .toList());
    }

    public static ScenarioResult curves(String id, CurveRow... rows) {
        return new ScenarioResult(
                id, "Curves", List.of(), List.of(), List.of(), List.of(), List.of(rows));
    }

    /** One run; the worker has 300 MB, the master 100 MB. */
    public static CurveRow curve(String contender, long... perSecond) {
        CurveRow.MemoryPoint point = new CurveRow.MemoryPoint(1, new Memory(100, 300, 400));
        return new CurveRow(
                contender,
                List.of(
                        new CurveRow.Run(
                                2, 9, load(100, 1, Errors.NONE, perSecond), List.of(point))));
    }
}
