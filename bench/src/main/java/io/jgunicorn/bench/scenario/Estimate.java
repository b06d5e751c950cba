package io.jgunicorn.bench.scenario;

import java.time.Duration;
import java.util.List;

/** A guess of how long scenarios will take, for the person who waits. */
public final class Estimate {
    private static final double COMPILING_BOOT_SECONDS = 8;
    private static final double BOOT_SECONDS = 2;
    private static final double PAUSE_SECONDS = 0.8;
    private static final double PEER_CURVE_SECONDS = 15;

    private Estimate() {}

    public static Duration of(List<Scenario> scenarios, Timing timing) {
        double seconds = scenarios.stream().mapToDouble(one -> seconds(one, timing)).sum();
        return Duration.ofSeconds(Math.round(seconds));
    }

    private static double seconds(Scenario scenario, Timing timing) {
        int servers = scenario.contenders().size();
        long warming = scenario.contenders().stream().filter(one -> one.warmsUp()).count();
        double boots = warming * COMPILING_BOOT_SECONDS + (servers - warming) * BOOT_SECONDS;
        return switch (scenario) {
            case Scenario.Steady steady -> {
                double round = (timing.roundSeconds() + PAUSE_SECONDS) * servers;
                yield boots
                        + (double) warming * steady.warmSeconds()
                        + round * steady.loads().size() * (timing.rounds() + 1);
            }
            case Scenario.Boots _ -> (timing.rounds() + timing.firstStarts()) * boots;
            case Scenario.Curves _ ->
                    timing.rounds()
                            * (boots
                                    + (double) warming * timing.curveSeconds()
                                    + (servers - warming) * PEER_CURVE_SECONDS);
        };
    }
}
