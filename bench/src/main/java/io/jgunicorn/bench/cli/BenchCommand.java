package io.jgunicorn.bench.cli;

import io.jgunicorn.bench.proc.OwnChildren;
import io.jgunicorn.bench.scenario.Catalogue;
import io.jgunicorn.bench.scenario.Estimate;
import io.jgunicorn.bench.scenario.Scenario;
import io.jgunicorn.bench.scenario.Timing;
import io.jgunicorn.bench.server.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench/run}: what the person at the terminal says. */
@Command(
        name = "bench/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compares jgunicorn with gunicorn, uWSGI, waitress and a bare Netty server on this"
                    + " machine, and writes JSON and an HTML report.",
            "bench/run jmh [WORDS] runs the JMH benchmarks instead."
        })
final class BenchCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "SCENARIO",
            description =
                    "What to run, from --list; 'boot' stands for boot-hello, boot-flask and so on."
                            + " Default: everything, which takes hours.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--list", description = "Print the scenarios and stop.")
    private boolean list;

    @Option(
            names = "--quick",
            description =
                    "hello, flask-json and boot-hello with short rounds: less than five minutes.")
    private boolean quick;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of each measurement (5).")
    private int rounds;

    @Option(names = "--seconds", paramLabel = "S", description = "Length of a round (5; quick 2).")
    private int seconds;

    @Option(
            names = "--warm",
            paramLabel = "S",
            description =
                    "Load before the first round (60, frameworks 120; quick 10 and 20). Servers"
                            + " that do not compile get at most 4.")
    private int warm;

    @Option(names = "--curve", paramLabel = "S", description = "Length of a warm-up curve (120).")
    private int curve;

    @Option(
            names = "--jgunicorn",
            paramLabel = "FILE",
            description = "Another launcher than the one built here.")
    private Path jgunicorn;

    @Option(names = "--gunicorn", defaultValue = "gunicorn", description = "(${DEFAULT-VALUE})")
    private String gunicorn;

    @Option(names = "--uwsgi", defaultValue = "uwsgi_python3", description = "(${DEFAULT-VALUE})")
    private String uwsgi;

    @Option(
            names = "--python",
            defaultValue = "/usr/bin/python3",
            description = "Has waitress (${DEFAULT-VALUE}).")
    private String python;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where the results go (bench/results).")
    private Path results;

    @Option(names = "--root", hidden = true, required = true)
    private Path root;

    private BenchCommand() {}

    public static void main(String[] args) {
        OwnChildren.stopThemAtTheEnd();
        CommandLine command = new CommandLine(new BenchCommand());
        command.setExecutionExceptionHandler(
                (exception, _, _) -> {
                    if (exception instanceof RuntimeException) {
                        throw exception; // a mistake of ours: with its stack
                    }
                    System.err.println("bench: " + exception.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                });
        System.exit(command.execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Timing timing = (quick ? Timing.quick() : Timing.full()).with(rounds, seconds, warm, curve);
        Catalogue catalogue = new Catalogue(timing);
        List<Scenario> preferred = quick ? catalogue.quick() : List.of();
        Selection selection = new Selection(preferred, catalogue.full());
        if (list) {
            selection.all().forEach(one -> System.out.printf("%-14s %s%n", one.id(), one.title()));
            return 0;
        }
        List<Scenario> chosen = selection.choose(names);
        if (chosen.isEmpty()) {
            System.err.println("bench: no such scenario; bench/run --list shows them");
            return CommandLine.ExitCode.USAGE;
        }
        Duration estimate = Estimate.of(chosen, timing);
        System.err.printf(
                "bench: %d scenarios, about %d minutes%n",
                chosen.size(), Math.max(1, Math.round(estimate.toSeconds() / 60.0)));
        Path target = root.resolve("bench/target");
        Installation installation =
                new Installation(
                        jgunicorn == null
                                ? root.resolve("packaging/target/jgunicorn/bin/jgunicorn")
                                : jgunicorn.toAbsolutePath(),
                        gunicorn,
                        uwsgi,
                        python,
                        root.resolve("bench/apps"),
                        target.resolve("python-packages/lib"));
        if (chosen.stream().anyMatch(one -> one.application().frameworks())) {
            Tools.provideFrameworks(root, installation.packages().getParent());
        }
        Path folder = results == null ? root.resolve("bench/results") : results;
        Files.createDirectories(folder);
        return new Session(root, installation, timing, folder, arguments()).run(chosen) ? 0 : 1;
    }

    /** The words that matter for the figures, in a fixed order. */
    private List<String> arguments() {
        List<String> words = new ArrayList<>();
        if (quick) {
            words.add("--quick");
        }
        addIfSet(words, "--rounds", rounds);
        addIfSet(words, "--seconds", seconds);
        addIfSet(words, "--warm", warm);
        addIfSet(words, "--curve", curve);
        words.addAll(names);
        return words;
    }

    private static void addIfSet(List<String> words, String name, int value) {
        if (value > 0) {
            words.add(name);
            words.add(Integer.toString(value));
        }
    }
}
