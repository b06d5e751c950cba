package io.jgunicorn.bench.figures;

import static io.jgunicorn.bench.scenario.Catalogue.SIXTEEN;
import static io.jgunicorn.bench.scenario.Contenders.BARE_NETTY;
import static io.jgunicorn.bench.scenario.Contenders.GUNICORN;
import static io.jgunicorn.bench.scenario.Contenders.OURS_1;
import static io.jgunicorn.bench.scenario.Contenders.OURS_2;
import static io.jgunicorn.bench.scenario.Contenders.OURS_32_THREADS;
import static io.jgunicorn.bench.scenario.Contenders.OURS_GEVENT;
import static io.jgunicorn.bench.scenario.Contenders.OURS_GTHREAD;
import static io.jgunicorn.bench.scenario.Contenders.OURS_SYNC;
import static io.jgunicorn.bench.scenario.Contenders.UWSGI;

import io.jgunicorn.bench.result.BenchRun;
import io.jgunicorn.bench.result.BootRow;
import io.jgunicorn.bench.result.CurveRow;
import io.jgunicorn.bench.result.LoadRow;
import io.jgunicorn.bench.result.LoadTable;
import io.jgunicorn.bench.result.Round;
import io.jgunicorn.bench.result.ScenarioResult;
import io.jgunicorn.bench.server.Contender;
import io.jgunicorn.bench.stats.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Finds in a run the figures that have targets; those whose scenarios were not run are left out.
 */
public final class Figures {
    private static final double SLEEP_IDEAL = 640;
    private static final List<Contender> OURS = List.of(OURS_1, OURS_2);

    private final BenchRun run;
    private final List<Figure> figures = new ArrayList<>();

    private Figures(BenchRun run) {
        this.run = run;
    }

    public static List<Figure> of(BenchRun run) {
        Figures figures = new Figures(run);
        for (Contender ours : OURS) {
            figures.speed(ours, "hello", UWSGI, Target.higher(1.3, 2));
            figures.speed(ours, "hello", GUNICORN, Target.higher(4, 6));
        }
        figures.bareNetty();
        for (Contender ours : OURS) {
            figures.speed(ours, "flask-json", GUNICORN, Target.higher(1.5, 2));
            figures.speed(ours, "flask-json", UWSGI, Target.higher(1, 1.5));
        }
        for (Contender ours : OURS) {
            figures.speed(ours, "django", GUNICORN, Target.higher(1.2, 2));
        }
        figures.classShare(OURS_GTHREAD);
        figures.classShare(OURS_GEVENT);
        figures.sleepShare();
        for (String scenario : List.of("hello", "flask-json")) {
            for (Contender ours : OURS) {
                figures.tail(ours, scenario);
            }
        }
        figures.boot("boot-hello", "hello", Target.lower(2.5, 1));
        figures.boot("boot-flask", "Flask", Target.lower(6, 3));
        figures.boot("boot-django", "Django", Target.lower(9, 5));
        figures.pace("warmup-hello", "hello", Target.lower(8, 2));
        figures.pace("warmup-flask", "Flask", Target.lower(25, 10));
        figures.workerMemory("warmup-hello", "hello", Target.lower(400, 200));
        figures.workerMemory("warmup-flask", "Flask", Target.lower(600, 350));
        figures.masterMemory();
        figures.failures();
        return List.copyOf(figures.figures);
    }

    private void speed(Contender ours, String scenario, Contender theirs, Target target) {
        ratio(
                "requests/s, "
                        + scenario
                        + ", 16 connections: "
                        + ours.name()
                        + " / "
                        + theirs.name(),
                Unit.TIMES,
                rates(scenario, ours),
                rates(scenario, theirs),
                target);
    }

    private void bareNetty() {
        for (Contender ours : OURS) {
            ratio(
                    "share of a bare Netty server, hello: " + ours.name(),
                    Unit.PERCENT,
                    rates("hello", ours),
                    rates("hello", BARE_NETTY),
                    Target.higher(0.5, 0.7));
        }
    }

    private void classShare(Contender other) {
        ratio(
                "requests/s, hello: " + other.name() + " / " + OURS_SYNC.name(),
                Unit.PERCENT,
                rates("classes", other),
                rates("classes", OURS_SYNC),
                Target.higher(0.8, 0.95));
    }

    private void sleepShare() {
        run.load("sleep-50ms", "keep-alive-64", OURS_32_THREADS.name())
                .ifPresent(
                        row ->
                                add(
                                        "share of the ideal 640 requests/s, 50 ms sleep, 64"
                                                + " connections: "
                                                + OURS_32_THREADS.name(),
                                        Unit.PERCENT,
                                        Spread.of(row.rates()).times(1 / SLEEP_IDEAL),
                                        Target.higher(0.9, 0.97)));
    }

    private void tail(Contender ours, String scenario) {
        ToDoubleFunction<Round> p99 = round -> round.load().latency().p99();
        ratio(
                "p99, " + scenario + ", 16 connections: " + ours.name() + " / " + GUNICORN.name(),
                Unit.TIMES,
                values(scenario, ours, p99),
                values(scenario, GUNICORN, p99),
                Target.lower(1, 0.5));
    }

    private void boot(String scenario, String name, Target target) {
        run.scenario(scenario)
                .flatMap(found -> found.boot(BootRow.Start.SECOND, OURS_1.name()))
                .ifPresent(
                        row ->
                                add(
                                        "second start to ready, " + name + ": " + OURS_1.name(),
                                        Unit.SECONDS,
                                        Spread.of(row.values(BootRow.Sample::seconds)),
                                        target));
    }

    private void pace(String scenario, String name, Target target) {
        for (Contender ours : OURS) {
            Optional<CurveRow> theirs = curve(scenario, GUNICORN);
            Optional<CurveRow> own = curve(scenario, ours);
            if (theirs.isPresent() && own.isPresent()) {
                add(
                        "from ready to gunicorn's steady rate, " + name + ": " + ours.name(),
                        Unit.SECONDS,
                        Spread.of(secondsToPace(own.get().runs(), theirs.get().runs())),
                        target);
            }
        }
    }

    private static List<Double> secondsToPace(List<CurveRow.Run> ours, List<CurveRow.Run> theirs) {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            seconds.add(ours.get(i).secondsUntil(theirs.get(i).steadyRate()));
        }
        return seconds;
    }

    private void workerMemory(String scenario, String name, Target target) {
        curve(scenario, OURS_1)
                .ifPresent(
                        row ->
                                add(
                                        "worker RSS after "
                                                + row.medianRates().size()
                                                + " s of load, "
                                                + name
                                                + ": "
                                                + OURS_1.name(),
                                        Unit.MEGABYTES,
                                        Spread.of(
                                                row.runs().stream()
                                                        .mapToDouble(
                                                                one -> one.lastMemory().worker())),
                                        target));
    }

    private void masterMemory() {
        List<Double> masters =
                List.of("warmup-hello", "warmup-flask").stream()
                        .flatMap(scenario -> curve(scenario, OURS_1).stream())
                        .flatMap(row -> row.runs().stream())
                        .map(one -> one.lastMemory().master())
                        .toList();
        if (!masters.isEmpty()) {
            add("master RSS", Unit.MEGABYTES, Spread.of(masters), Target.lower(150, 80));
        }
    }

    private void failures() {
        List<Double> counts = new ArrayList<>();
        for (ScenarioResult scenario : run.scenarios()) {
            for (LoadTable table : scenario.loads()) {
                for (LoadRow row : table.rows()) {
                    if (isOurs(row.contender())) {
                        int unserved = table.connections() - row.served();
                        counts.add((double) row.errors().total() + unserved);
                    }
                }
            }
        }
        run.scenarios().stream()
                .flatMap(scenario -> scenario.curves().stream())
                .filter(row -> isOurs(row.contender()))
                .flatMap(row -> row.runs().stream())
                .forEach(one -> counts.add((double) one.load().errors().total()));
        if (!counts.isEmpty()) {
            double sum = counts.stream().mapToDouble(Double::doubleValue).sum();
            add(
                    "failed requests and unserved connections of jgunicorn, all rounds and curves",
                    Unit.COUNT,
                    new Spread(sum, sum, sum, 1),
                    Target.lower(0, 0));
        }
    }

    private static boolean isOurs(String contender) {
        return contender.startsWith("jgunicorn ");
    }

    private Optional<CurveRow> curve(String scenario, Contender contender) {
        return run.scenario(scenario)
                .flatMap(found -> found.curve(contender.name()))
                .filter(row -> !row.runs().isEmpty());
    }

    private List<Double> rates(String scenario, Contender contender) {
        return values(scenario, contender, round -> round.load().requestsPerSecond());
    }

    private List<Double> values(
            String scenario, Contender contender, ToDoubleFunction<Round> value) {
        Optional<LoadRow> row = run.load(scenario, SIXTEEN, contender.name());
        return row.map(found -> found.values(value)).orElse(List.of());
    }

    private void ratio(
            String name, Unit unit, List<Double> above, List<Double> below, Target target) {
        if (!above.isEmpty() && !below.isEmpty()) {
            add(name, unit, Spread.ofRatios(above, below), target);
        }
    }

    private void add(String name, Unit unit, Spread value, Target target) {
        figures.add(new Figure(name, unit, value, target));
    }
}
