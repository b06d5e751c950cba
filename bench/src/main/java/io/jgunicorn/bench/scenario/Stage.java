package io.jgunicorn.bench.scenario;

import io.jgunicorn.bench.load.LoadGenerator;
import io.jgunicorn.bench.proc.Pinning;
import io.jgunicorn.bench.server.Application;
import io.jgunicorn.bench.server.Contender;
import io.jgunicorn.bench.server.Installation;
import io.jgunicorn.bench.server.RunningServer;
import io.jgunicorn.bench.server.ServerFailure;
import io.jgunicorn.bench.server.Site;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What every runner needs.
 *
 * @param site where servers run whose start is not measured: its caches stay
 * @param work a folder for new sites
 * @param progress takes one line for the person who waits
 */
public record Stage(
        Installation installation,
        Pinning pinning,
        LoadGenerator generator,
        Site site,
        Path work,
        Timing timing,
        Consumer<String> progress) {
    RunningServer start(Contender contender, Application application, Site where)
            throws ServerFailure, InterruptedException {
        return RunningServer.start(contender, application, installation, where, pinning.server());
    }

    void say(String line) {
        progress.accept(line);
    }
}
