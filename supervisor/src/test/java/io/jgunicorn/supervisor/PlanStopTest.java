package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ControlMessage.Drain;
import io.jgunicorn.control.ControlMessage.Heartbeat;
import io.jgunicorn.control.ControlMessage.Load;
import io.jgunicorn.control.ControlMessage.Quit;
import io.jgunicorn.os.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** TERM, INT and QUIT: how the server ends. */
class PlanStopTest {
    @Test
    void termDrainsAllWorkersAndExitsZeroWhenTheyAreGone() {
        PlanDriver plan = PlanDriver.serving(2);

        plan.signal(Signal.TERM);
        assertThat(plan.actions(Action.CloseListeners.class)).hasSize(1);
        assertThat(plan.sent(1)).endsWith(new Drain());
        assertThat(plan.sent(2)).endsWith(new Drain());
        plan.exit(1, 0);
        assertThat(plan.halted()).isEmpty();
        plan.exit(2, 0);

        assertThat(plan.halted()).hasValue(0);
        assertThat(plan.log())
                .containsSubsequence("INFO Handling signal: term", "INFO Shutting down: Master");
    }

    @Test
    void workersStillBusyAfterTheGracefulTimeoutAreKilledAndTheExitIsStillZero() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.signal(Signal.TERM);

        plan.pass(30);
        assertThat(plan.signals(1)).containsExactly(Signal.KILL);
        plan.exit(1, 137);

        assertThat(plan.halted()).hasValue(0);
    }

    @Test
    void termWhileBootingEndsTheBoot() {
        PlanDriver plan = new PlanDriver(2, 2);
        plan.tick();

        plan.signal(Signal.TERM);
        assertThat(plan.signals(1)).containsExactly(Signal.TERM);
        plan.exit(1, 143);

        assertThat(plan.halted()).hasValue(0);
        assertThat(plan.spawnedGenerations()).hasSize(1);
    }

    @Test
    void startThatIsGivenUpEndsTheBootAndTheServerWithTheReason() {
        PlanDriver plan = new PlanDriver(1, 2);
        plan.tick();

        plan.on(new Event.StartGivenUp("out of memory"));
        assertThat(plan.signals(1)).containsExactly(Signal.TERM);
        plan.exit(1, 143);

        assertThat(plan.halted()).hasValue(ExitStatus.BOOT_FAILED);
        assertThat(plan.log()).endsWith("ERROR Reason: out of memory");
    }

    @Test
    void termWhileALinkedWorkerBootsTellsItToQuit() {
        PlanDriver plan = new PlanDriver(1, 2);
        plan.tick();
        plan.message(1, new Heartbeat(0, 0, 0, Load.UNKNOWN));

        plan.signal(Signal.TERM);

        assertThat(plan.sent(1)).containsExactly(new Quit());
    }

    @Test
    void secondTermChangesNothing() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.signal(Signal.TERM);
        List<Object> before = plan.sent(1);

        plan.signal(Signal.TERM);

        assertThat(plan.sent(1)).isEqualTo(before);
        assertThat(plan.signals(1)).isEmpty();
    }

    @Test
    void intBreaksOffWhatRuns() {
        PlanDriver plan = PlanDriver.serving(1);

        plan.signal(Signal.INT);
        assertThat(plan.sent(1)).endsWith(new Quit());
        plan.exit(1, 0);

        assertThat(plan.halted()).hasValue(0);
    }

    @Test
    void quitDuringAGracefulStopHastensIt() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.signal(Signal.TERM);

        plan.signal(Signal.QUIT);
        assertThat(plan.log()).contains("INFO Quick shutdown requested");
        assertThat(plan.sent(1)).endsWith(new Drain(), new Quit());
        plan.pass(2);

        assertThat(plan.signals(1)).containsExactly(Signal.KILL);
    }

    @Test
    void workerTheKernelCannotEndDoesNotHoldUpTheStop() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.signal(Signal.TERM);
        plan.pass(30);

        plan.pass(5);

        assertThat(plan.halted()).hasValue(0);
    }

    @Test
    void failureOfTheLoopStopsTheServerWithCode255() {
        PlanDriver plan = PlanDriver.serving(1);

        plan.on(new Event.LoopFailed());
        plan.exit(1, 0);

        assertThat(plan.halted()).hasValue(255);
    }
}
