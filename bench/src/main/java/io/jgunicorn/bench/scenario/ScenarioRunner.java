package io.jgunicorn.bench.scenario;

import io.jgunicorn.bench.load.LoadFailure;
import io.jgunicorn.bench.result.ScenarioResult;
import io.jgunicorn.bench.server.ServerFailure;
import java.io.IOException;

/** Runs any scenario. */
public final class ScenarioRunner {
    private final Stage stage;

    public ScenarioRunner(Stage stage) {
        this.stage = stage;
    }

    /**
     * Starts servers, measures, and stops them, whatever happens.
     *
     * @throws ServerFailure if one does not start or dies
     * @throws LoadFailure if a generator gives no result
     * @throws IOException if a site cannot be made
     */
    public ScenarioResult run(Scenario scenario)
            throws ServerFailure, LoadFailure, IOException, InterruptedException {
        return switch (scenario) {
            case Scenario.Steady steady -> new SteadyRunner(stage).run(steady);
            case Scenario.Boots boots -> new BootRunner(stage).run(boots);
            case Scenario.Curves curves -> new CurveRunner(stage).run(curves);
        };
    }
}
