package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ControlMessage.BootFailed;
import io.jgunicorn.os.Signal;
import io.jgunicorn.supervisor.ServiceStatus.Phase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a service manager is told, and when. */
class PlanStatusTest {
    @Test
    void serverIsReadyWithItsFirstWorker() {
        PlanDriver plan = new PlanDriver(2, 2);

        plan.tick();
        plan.ready(1);
        plan.ready(2);

        assertThat(plan.told())
                .containsExactly(
                        new ServiceStatus(
                                Phase.STARTING, 0, false, "Booting, 0 of 2 workers ready"),
                        new ServiceStatus(Phase.READY, 0, true, "Serving, 1 of 2 workers ready"),
                        new ServiceStatus(Phase.READY, 0, true, "Serving, 2 of 2 workers ready"));
    }

    @Test
    void serverWithoutWorkersIsReadyAtOnce() {
        PlanDriver plan = new PlanDriver(0, 2);

        plan.tick();

        assertThat(plan.told())
                .containsExactly(
                        new ServiceStatus(
                                Phase.READY, 0, true, "Not serving, 0 of 0 workers ready"));
    }

    @Test
    void nothingIsToldTwice() {
        PlanDriver plan = PlanDriver.serving(1);
        List<ServiceStatus> before = plan.told();

        plan.passAlive(10, 1);

        assertThat(plan.told()).isEqualTo(before);
    }

    @Test
    void reloadIsToldBeforeTheConfigurationIsRead() {
        PlanDriver plan = PlanDriver.serving(1);

        plan.signal(Signal.HUP);

        assertThat(plan.actions(Action.class))
                .containsSubsequence(
                        new Action.Tell(
                                new ServiceStatus(
                                        Phase.RELOADING, 1, true, "Reloading the configuration")),
                        new Action.Reload(2));
    }

    @Test
    void reloadEndsWhenNoOldWorkerServesAnyMore() {
        PlanDriver plan = PlanDriver.serving(2);
        plan.signal(Signal.HUP);

        plan.reloaded(2, 2);
        assertThat(plan.told()).last().isEqualTo(reloading("Reloading, 0 of 2 new workers ready"));
        plan.ready(3);
        assertThat(plan.told()).last().isEqualTo(reloading("Reloading, 1 of 2 new workers ready"));
        plan.ready(4);

        assertThat(plan.told())
                .last()
                .isEqualTo(
                        new ServiceStatus(Phase.READY, 1, true, "Serving, 2 of 2 workers ready"));
    }

    @Test
    void reloadThatIsGivenUpLeavesTheServerReadyAndSaysWhy() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.signal(Signal.HUP);
        plan.reloaded(2, 1);

        plan.message(2, new BootFailed(3, "Traceback:\n  line 1\nSyntaxError: invalid syntax\n\n"));
        plan.exit(2, 3);

        assertThat(plan.told())
                .last()
                .isEqualTo(
                        new ServiceStatus(
                                Phase.READY,
                                1,
                                true,
                                "Serving, 1 of 1 worker ready; the last reload failed: SyntaxError:"
                                        + " invalid syntax"));
    }

    @Test
    void unusableConfigurationIsToldUntilTheNextReload() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.signal(Signal.HUP);

        plan.on(new Event.ReloadFailed("Value must be positive: -1"));
        assertThat(plan.told())
                .last()
                .isEqualTo(
                        new ServiceStatus(
                                Phase.READY,
                                1,
                                true,
                                "Serving, 1 of 1 worker ready; the last reload failed: Value must"
                                        + " be positive: -1"));

        plan.signal(Signal.HUP);
        plan.reloaded(3, 1);
        plan.ready(2);
        assertThat(plan.told())
                .last()
                .isEqualTo(new ServiceStatus(Phase.READY, 2, true, "Serving, 1 of 1 worker ready"));
    }

    @Test
    void longReasonIsCut() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.signal(Signal.HUP);

        plan.on(new Event.ReloadFailed("x".repeat(5000)));

        assertThat(plan.told().getLast().text()).endsWith(": " + "x".repeat(1000));
    }

    @Test
    void secondReloadDuringTheFirstIsNews() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.signal(Signal.HUP);
        plan.reloaded(2, 1);

        plan.signal(Signal.HUP);

        assertThat(plan.told())
                .last()
                .isEqualTo(
                        new ServiceStatus(Phase.RELOADING, 2, true, "Reloading the configuration"));
    }

    @Test
    void hupDuringTheFirstBootDoesNotEndTheStart() {
        PlanDriver plan = new PlanDriver(1, 2);
        plan.tick();

        plan.signal(Signal.HUP);
        plan.reloaded(2, 1);
        assertThat(plan.told()).extracting(ServiceStatus::phase).containsOnly(Phase.STARTING);

        plan.exit(1, 143);
        plan.ready(2);
        assertThat(plan.told()).last().extracting(ServiceStatus::phase).isEqualTo(Phase.READY);
    }

    @Test
    void readyServerWithoutAReadyWorkerIsNotAlive() {
        PlanDriver plan = PlanDriver.serving(1);

        plan.exit(1, 1);
        assertThat(plan.told())
                .last()
                .isEqualTo(
                        new ServiceStatus(
                                Phase.READY, 0, false, "Not serving, 0 of 1 worker ready"));

        plan.ready(2);
        assertThat(plan.told()).last().extracting(ServiceStatus::alive).isEqualTo(true);
    }

    @Test
    void stoppingIsToldFirstAndThenWhoIsLeft() {
        PlanDriver plan = PlanDriver.serving(2);

        plan.signal(Signal.TERM);
        assertThat(plan.actions(Action.class))
                .containsSubsequence(
                        new Action.Tell(stopping("Stopping, 2 workers left")),
                        new Action.CloseListeners());

        plan.exit(2, 0);
        plan.exit(1, 0);
        assertThat(plan.told())
                .endsWith(
                        stopping("Stopping, 1 worker left"), stopping("Stopping, 0 workers left"));
    }

    private static ServiceStatus reloading(String text) {
        return new ServiceStatus(Phase.RELOADING, 1, true, text);
    }

    /** The watchdog is fed to the end: a stop has a time limit of its own. */
    private static ServiceStatus stopping(String text) {
        return new ServiceStatus(Phase.STOPPING, 0, true, text);
    }
}
