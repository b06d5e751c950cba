package io.jgunicorn.supervisor;

import static io.jgunicorn.config.ServerConfig.ScalingAlgorithm.BACKLOG;
import static io.jgunicorn.config.ServerConfig.ScalingAlgorithm.BUSYNESS;
import static io.jgunicorn.config.ServerConfig.ScalingAlgorithm.SPARE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.config.ServerConfig.Scaling;
import io.jgunicorn.config.ServerConfig.ScalingAlgorithm;
import io.jgunicorn.control.ControlMessage.Heartbeat;
import io.jgunicorn.control.ControlMessage.Load;
import io.jgunicorn.os.Signal;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code max_workers}: as many workers as the load asks for. */
class PlanScalingTest {
    private static final long MEGABYTE = 1 << 20;

    /** Seconds until workers that serve have settled and one more comes under load. */
    private static final int LONG_ENOUGH =
            (int) Autoscaling.SETTLING.toSeconds() + Autoscaling.SUSTAINED + 1;

    private static final Load FULL = busy(1);
    private static final Load IDLE = busy(0);

    private static Load busy(double share) {
        return new Load(share, 0, 400 * MEGABYTE);
    }

    private static Load waiting(double requests) {
        return new Load(0.1, requests, 400 * MEGABYTE);
    }

    private static Scaling by(ScalingAlgorithm algorithm) {
        return new Scaling(1, 4, 1, algorithm, 0.7, Duration.ofSeconds(60), 0);
    }

    @Test
    void busyWorkersGetOneMore() {
        PlanDriver plan = PlanDriver.scaling(2, by(BUSYNESS));

        plan.passUnder(busy(0.8), LONG_ENOUGH);

        assertThat(plan.serving()).hasSize(3);
        assertThat(plan.log()).contains("INFO Scaling from 2 to 3 workers: 80 % busy, 0 waiting");
        assertThat(plan.actions(Action.WorkerCountChanged.class))
                .containsExactly(new Action.WorkerCountChanged(3, 2));
    }

    @Test
    void momentOfLoadChangesNothing() {
        PlanDriver plan = PlanDriver.scaling(2, by(BUSYNESS));

        for (int i = 0; i < 10; i++) {
            plan.passUnder(FULL, Autoscaling.SUSTAINED - 1);
            plan.passUnder(busy(0.6), 1);
        }

        assertThat(plan.spawned()).hasSize(2);
    }

    @Test
    void noMoreThanTheMostServe() {
        PlanDriver plan = PlanDriver.scaling(2, by(BUSYNESS));

        plan.passUnder(FULL, 120);

        assertThat(plan.serving()).hasSize(4);
        assertThat(plan.spawned()).hasSize(4);
    }

    @Test
    void severalComeAtATimeWhereTheStepSaysSo() {
        PlanDriver plan =
                PlanDriver.scaling(
                        1, new Scaling(1, 9, 5, BUSYNESS, 0.7, Duration.ofSeconds(60), 0));

        plan.passUnder(FULL, LONG_ENOUGH);

        assertThat(plan.actions(Action.WorkerCountChanged.class))
                .containsExactly(new Action.WorkerCountChanged(6, 1));
    }

    @Test
    void nextStepWaitsUntilTheFirstHasSettled() {
        PlanDriver plan = PlanDriver.scaling(1, by(BUSYNESS));
        plan.passUnder(FULL, LONG_ENOUGH);
        assertThat(plan.serving()).hasSize(2);

        plan.passUnder(FULL, LONG_ENOUGH - 10);
        assertThat(plan.serving()).hasSize(2);
        plan.passUnder(FULL, 10);

        assertThat(plan.serving()).hasSize(3);
    }

    @Test
    void workerThatBootsForeverStopsGrowthAndNothingElse() {
        PlanDriver plan = PlanDriver.scaling(3, by(BUSYNESS));
        plan.exit(3, 1);
        plan.passAlive(2, 1, 2); // its replacement boots, and boots
        assertThat(plan.booting()).isNotEmpty();

        for (int i = 0; i < 90; i++) {
            plan.message(1, new Heartbeat(1, 1, 1, IDLE));
            plan.message(2, new Heartbeat(1, 1, 1, IDLE));
            plan.pass(1);
        }

        assertThat(plan.log()).contains("INFO Scaling from 3 to 2 workers: 0 % busy, 0 waiting");
        assertThat(plan.booting()).as("sent away").isEmpty();
    }

    @Test
    void workersThatCannotBeBootedAreGivenUp() {
        PlanDriver plan = PlanDriver.scaling(2, by(BUSYNESS));
        plan.failSpawns("no memory");

        plan.passUnder(FULL, LONG_ENOUGH + 5);

        assertThat(plan.log()).contains("INFO Scaling from 3 to 2 workers: no more can be booted");
        assertThat(plan.serving()).hasSize(2);
        plan.allowSpawns();
        plan.passUnder(FULL, 2 * LONG_ENOUGH);
        assertThat(plan.serving()).as("tried again").hasSizeGreaterThan(2);
    }

    @Test
    void sparesTakeTheNewPlacesAtOnce() {
        PlanDriver plan = PlanDriver.scalingWithSpare(1, by(BUSYNESS));

        plan.passUnder(FULL, LONG_ENOUGH);

        assertThat(plan.serving()).containsExactly(1L, 2L);
        assertThat(plan.log()).contains("INFO Spare worker takes over (pid: 1002)");
    }

    @Test
    void rollbackOfAnUpgradeBringsBackAsManyAsThereWere() {
        PlanDriver plan = PlanDriver.scaling(3, by(BUSYNESS));
        plan.signal(Signal.USR2);
        plan.on(new Event.SuccessorStarted(77));
        plan.signal(Signal.WINCH);
        assertThat(plan.serving()).isEmpty();

        plan.signal(Signal.HUP);
        Duration time = Duration.ofSeconds(30);
        plan.reloaded(
                2, 1, new Generation.Policy(time, time, time, 1, 0, Optional.of(by(BUSYNESS))));
        plan.passUnder(FULL, 5);

        assertThat(plan.serving()).hasSize(3);
    }

    @Test
    void newestLeavesWhenOneLessHasDoneForLong() {
        PlanDriver plan = PlanDriver.scaling(3, by(BUSYNESS));

        plan.passUnder(IDLE, 59);
        assertThat(plan.serving()).hasSize(3);
        plan.passUnder(IDLE, 3);

        assertThat(plan.serving()).containsExactly(1L, 2L);
        plan.passUnder(IDLE, 200);
        assertThat(plan.serving()).as("the least").containsExactly(1L);
    }

    @Test
    void busySecondBeginsTheWaitAnew() {
        PlanDriver plan = PlanDriver.scaling(2, by(BUSYNESS));

        for (int i = 0; i < 5; i++) {
            plan.passUnder(IDLE, 40);
            plan.passUnder(busy(0.5), 1);
        }

        assertThat(plan.serving()).hasSize(2);
    }

    @Test
    void loadThatBroughtOneDoesNotSendItAway() {
        PlanDriver plan = PlanDriver.scaling(1, by(BUSYNESS));
        plan.passUnder(busy(0.75), LONG_ENOUGH);
        assertThat(plan.serving()).hasSize(2);

        plan.passUnder(busy(0.375), 600); // the same, shared out

        assertThat(plan.serving()).hasSize(2);
        assertThat(plan.log()).filteredOn(line -> line.contains("Scaling")).hasSize(1);
    }

    @Test
    void threadsOfOneWorkerStayFree() {
        PlanDriver plan = PlanDriver.scaling(2, by(SPARE));

        plan.passUnder(busy(0.5), 60); // one of two is free
        assertThat(plan.serving()).hasSize(2);
        plan.passUnder(busy(0.7), LONG_ENOUGH);

        assertThat(plan.serving()).hasSize(3);
        plan.passUnder(busy(0.3), 70);
        assertThat(plan.serving()).hasSize(2);
    }

    @Test
    void requestsThatWaitBringOneMore() {
        PlanDriver plan = PlanDriver.scaling(1, by(BACKLOG));

        plan.passUnder(busy(1), 2 * LONG_ENOUGH);
        assertThat(plan.serving()).as("busy, but nobody waits").hasSize(1);
        plan.passUnder(waiting(2), Autoscaling.SUSTAINED);

        assertThat(plan.serving()).hasSize(2);
    }

    @Test
    void connectionsThatWaitBringOneMore() {
        PlanDriver plan = PlanDriver.scaling(1, by(BACKLOG));

        waitUnderBacklog(plan, 5, 5);

        assertThat(plan.serving()).hasSize(2);
        plan.passUnder(IDLE, 90);
        assertThat(plan.serving()).hasSize(1);
    }

    @Test
    void connectionsThatAreSoonAcceptedDoNotCount() {
        PlanDriver plan = PlanDriver.scaling(1, by(BACKLOG));

        waitUnderBacklog(plan, 5, 0);

        assertThat(plan.serving()).hasSize(1);
    }

    /** Seconds in which the queue is seen twice each. */
    private static void waitUnderBacklog(PlanDriver plan, int first, int second) {
        for (int i = 0; i < LONG_ENOUGH; i++) {
            plan.on(new Event.Backlog(first));
            plan.on(new Event.Backlog(second));
            plan.passUnder(busy(0.5), 1);
        }
    }

    @Test
    void memoryBoundsTheNumber() {
        PlanDriver plan =
                PlanDriver.scaling(
                        2,
                        new Scaling(
                                1,
                                9,
                                3,
                                BUSYNESS,
                                0.7,
                                Duration.ofSeconds(60),
                                1300 * MEGABYTE)); // three of 400

        plan.passUnder(FULL, 3 * LONG_ENOUGH);

        assertThat(plan.serving()).hasSize(3);
        assertThat(plan.log())
                .filteredOn(line -> line.startsWith("WARN"))
                .containsExactly(
                        "WARNING No worker is added: 3 take 1200 MB, and one more would exceed"
                                + " scaling_memory");
    }

    @Test
    void oneLeavesWhereMemoryIsExceeded() {
        PlanDriver plan =
                PlanDriver.scaling(
                        3,
                        new Scaling(
                                1, 9, 1, BUSYNESS, 0.7, Duration.ofSeconds(60), 1000 * MEGABYTE));

        plan.passUnder(busy(0.5), 20);

        assertThat(plan.serving()).hasSize(2);
        assertThat(plan.log())
                .contains("INFO Scaling from 3 to 2 workers: they take 1200 MB (scaling_memory)");
    }

    @Test
    void operatorsMayChangeTheNumberToo() {
        PlanDriver plan = PlanDriver.scaling(4, by(BUSYNESS));

        plan.signal(Signal.TTIN);
        plan.passUnder(FULL, 30);
        assertThat(plan.serving()).as("over the most").hasSize(5);
        plan.signal(Signal.TTOU);
        plan.passUnder(busy(0.5), 30);

        assertThat(plan.serving()).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void reloadKeepsTheNumberThatTheLoadAskedFor() {
        PlanDriver plan = PlanDriver.scaling(1, by(BUSYNESS));
        plan.passUnder(FULL, 4 * LONG_ENOUGH);
        assertThat(plan.serving()).hasSize(4);

        plan.signal(Signal.HUP);
        Duration time = Duration.ofSeconds(30);
        Scaling fewer = new Scaling(1, 3, 1, BUSYNESS, 0.7, Duration.ofSeconds(60), 0);
        plan.reloaded(2, 1, new Generation.Policy(time, time, time, 1, 0, Optional.of(fewer)));
        plan.passUnder(FULL, 10);

        assertThat(plan.serving()).containsExactly(5L, 6L, 7L);
    }

    @Test
    void noneComeBackWhileWinchHasSentThemAway() {
        PlanDriver plan = PlanDriver.scaling(1, by(SPARE));
        plan.signal(Signal.USR2);
        plan.on(new Event.SuccessorStarted(77));
        plan.signal(Signal.WINCH);

        plan.passUnder(FULL, 2 * LONG_ENOUGH);

        assertThat(plan.serving()).isEmpty();
        assertThat(plan.spawned()).hasSize(1);
    }
}
