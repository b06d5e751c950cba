package io.jgunicorn.supervisor;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds in every order of events. {@code -Dplan.seeds=N} tries more of them; a failure shows
 * the whole story, and its seed repeats it.
 */
class PlanPropertyTest {
    private static final long SEEDS = Long.getLong("plan.seeds", 150);

    @ParameterizedTest
    @ValueSource(ints = {5, 25, 100, 400})
    void noPlannedActionLeavesTooFewAndInTheEndAllServe(int events) {
        LongStream.range(0, SEEDS)
                .forEach(
                        seed -> {
                            RandomWorld world = afterEvents(seed, events);
                            world.heal();
                            world.check(world.halted().isEmpty(), "ended by itself");
                            world.checkFullyStaffed();
                        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 25, 100, 400})
    void termEndsItWhateverHappensAndNoWorkerIsLeft(int events) {
        LongStream.range(0, SEEDS)
                .forEach(
                        seed -> {
                            RandomWorld world = afterEvents(seed, events);
                            world.stop();
                            world.check(world.halted().isPresent(), "did not end after TERM");
                        });
    }

    private static RandomWorld afterEvents(long seed, int events) {
        RandomWorld world = new RandomWorld(seed);
        for (int i = 0; i < events && world.halted().isEmpty(); i++) {
            world.step();
        }
        return world;
    }
}
