package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ControlMessage.Drain;
import io.jgunicorn.control.ControlMessage.ReopenLogs;
import io.jgunicorn.os.Signal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The other signals. */
class PlanSignalTest {
    @Test
    void ttinAddsAWorkerAndTtouDrainsTheOldest() {
        PlanDriver plan = PlanDriver.serving(2);

        plan.signal(Signal.TTIN);
        plan.ready(3);
        assertThat(plan.serving()).containsExactly(1L, 2L, 3L);

        plan.signal(Signal.TTOU);
        assertThat(plan.sent(1)).endsWith(new Drain());
        assertThat(plan.serving()).containsExactly(2L, 3L);
        assertThat(plan.actions(Action.WorkerCountChanged.class))
                .containsExactly(
                        new Action.WorkerCountChanged(3, 2), new Action.WorkerCountChanged(2, 3));
    }

    @Test
    void ttouNeverRemovesTheLastWorker() {
        PlanDriver plan = PlanDriver.serving(1);

        plan.signal(Signal.TTOU);

        assertThat(plan.serving()).containsExactly(1L);
        assertThat(plan.actions(Action.WorkerCountChanged.class)).isEmpty();
    }

    @Test
    void ttouDuringABootGivesTheBootUp() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.signal(Signal.TTIN);

        plan.signal(Signal.TTOU);

        assertThat(plan.signals(2)).containsExactly(Signal.TERM);
        plan.exit(2, 143);
        assertThat(plan.booting()).isEmpty();
        assertThat(plan.serving()).containsExactly(1L);
    }

    @Test
    void hookMayAssignTheNumberOfWorkers() {
        PlanDriver plan = PlanDriver.serving(2);

        plan.on(new Event.WorkersWanted(4));
        plan.ready(3);
        plan.ready(4);
        assertThat(plan.serving()).containsExactly(1L, 2L, 3L, 4L);
        plan.on(new Event.WorkersWanted(4));

        assertThat(plan.actions(Action.WorkerCountChanged.class))
                .containsExactly(new Action.WorkerCountChanged(4, 2));
    }

    @Test
    void hookMayEndTheServer() {
        PlanDriver plan = PlanDriver.serving(1);

        plan.on(new Event.HaltAsked(7, Optional.of("enough")));
        assertThat(plan.sent(1)).endsWith(new Drain());
        plan.on(new Event.WorkersWanted(4));
        plan.exit(1, 0);

        assertThat(plan.booting()).isEmpty();
        assertThat(plan.halted()).hasValue(7);
        assertThat(plan.log()).contains("ERROR Reason: enough");
    }

    @Test
    void usr1ReopensTheLogsOfAllProcesses() {
        PlanDriver plan = PlanDriver.serving(2);

        plan.signal(Signal.USR1);

        assertThat(plan.actions(Action.ReopenLogs.class)).hasSize(1);
        assertThat(plan.sent(1)).endsWith(new ReopenLogs());
        assertThat(plan.sent(2)).endsWith(new ReopenLogs());
    }
}
