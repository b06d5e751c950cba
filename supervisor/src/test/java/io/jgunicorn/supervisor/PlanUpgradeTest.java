package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ControlMessage.Drain;
import io.jgunicorn.os.Signal;
import org.junit.jupiter.api.Test;

/** USR2: another master serves beside this one. */
class PlanUpgradeTest {
    private static final long OTHER = 5000;

    private static PlanDriver upgrading() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.signal(Signal.USR2);
        plan.on(new Event.SuccessorStarted(OTHER));
        return plan;
    }

    @Test
    void usr2StartsOneMasterAndNoSecond() {
        PlanDriver plan = PlanDriver.serving(1);

        plan.signal(Signal.USR2);
        assertThat(plan.actions(Action.StartSuccessor.class)).hasSize(1);
        plan.signal(Signal.USR2);
        assertThat(plan.log()).contains("WARNING USR2 signal ignored. Child exists.");
        plan.on(new Event.SuccessorStarted(OTHER));
        plan.signal(Signal.USR2);

        assertThat(plan.actions(Action.StartSuccessor.class)).hasSize(1);
    }

    @Test
    void masterThatEndsLetsThisOneTryAgain() {
        PlanDriver plan = upgrading();

        plan.on(new Event.SuccessorExited(OTHER, 3));
        assertThat(plan.log())
                .contains(
                        "WARNING The new master (pid:5000) ended with status 3, this one goes on");
        assertThat(plan.actions(Action.TakeBack.class)).hasSize(1);
        plan.signal(Signal.USR2);

        assertThat(plan.actions(Action.StartSuccessor.class)).hasSize(2);
    }

    @Test
    void masterThatCannotBeStartedLetsThisOneTryAgain() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.signal(Signal.USR2);

        plan.on(new Event.SuccessorFailed("No space left on device"));
        assertThat(plan.log())
                .contains("ERROR No new master can be started: No space left on device");
        plan.signal(Signal.USR2);

        assertThat(plan.actions(Action.StartSuccessor.class)).hasSize(2);
    }

    @Test
    void winchDrainsTheWorkersWhileAnotherMasterServesAndHupBringsThemBack() {
        PlanDriver plan = upgrading();

        plan.signal(Signal.WINCH);
        assertThat(plan.log()).contains("INFO graceful stop of workers");
        assertThat(plan.sent(1)).endsWith(new Drain());
        plan.exit(1, 0);
        assertThat(plan.booting()).isEmpty();

        plan.signal(Signal.HUP);
        plan.reloaded(2, 1);
        assertThat(plan.booting()).containsExactly(2L);
    }

    @Test
    void workersComeBackIfTheNewMasterEndsAfterWinch() {
        PlanDriver plan = upgrading();
        plan.signal(Signal.WINCH);
        plan.exit(1, 0);

        plan.on(new Event.SuccessorExited(OTHER, 137));

        assertThat(plan.booting()).containsExactly(2L);
    }

    @Test
    void newMasterThatEndsWhileThisOneStopsIsSaidToEndToo() {
        PlanDriver plan = upgrading();
        plan.signal(Signal.TERM);

        plan.on(new Event.SuccessorExited(OTHER, 0));

        assertThat(plan.log())
                .contains("WARNING The new master (pid:5000) ended with status 0, too");
        assertThat(plan.booting()).isEmpty();
    }

    @Test
    void winchMeansNothingWithoutAnotherMaster() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.signal(Signal.WINCH);
        assertThat(plan.serving()).containsExactly(1L);
    }

    @Test
    void termHandsOverToTheNewMaster() {
        PlanDriver plan = upgrading();

        plan.signal(Signal.TERM);
        plan.exit(1, 0);

        assertThat(plan.actions(Action.HandOver.class)).containsExactly(new Action.HandOver(OTHER));
        assertThat(plan.halted()).hasValue(0);
    }

    @Test
    void newMasterIsPromotedWhenTheOldOneIsGone() {
        PlanDriver plan = PlanDriver.succeeding();
        plan.signal(Signal.USR2);
        assertThat(plan.log()).contains("WARNING USR2 signal ignored. Parent exists.");

        plan.on(new Event.PredecessorGone());
        assertThat(plan.log()).contains("INFO Master has been promoted.");
        assertThat(plan.actions(Action.Promote.class)).hasSize(1);
        plan.signal(Signal.USR2);

        assertThat(plan.actions(Action.StartSuccessor.class)).hasSize(1);
    }
}
