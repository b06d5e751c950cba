package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ControlMessage.BootFailed;
import io.jgunicorn.control.ControlMessage.Drain;
import io.jgunicorn.control.ControlMessage.ListenersReceived;
import io.jgunicorn.control.ControlMessage.LoadApp;
import io.jgunicorn.control.ControlMessage.ReplaceMe;
import io.jgunicorn.os.Signal;
import org.junit.jupiter.api.Test;

/** HUP, and changed files: a new generation proves itself before the old one leaves. */
class PlanReloadTest {
    @Test
    void hupBootsANewWorkerBeforeAnOldOneLeavesUntilAllAreReplaced() {
        PlanDriver plan = PlanDriver.serving(2);
        plan.signal(Signal.HUP);
        plan.reloaded(2, 2);
        assertThat(plan.log())
                .containsSubsequence("INFO Handling signal: hup", "INFO Hang up: Master");
        assertThat(plan.booting()).containsExactly(3L);
        assertThat(plan.serving()).containsExactly(1L, 2L);

        plan.ready(3);
        assertThat(plan.serving()).containsExactly(2L, 3L);
        plan.ready(4);
        assertThat(plan.serving()).containsExactly(3L, 4L);
        assertThat(plan.booting()).isEmpty();

        plan.exit(1, 0);
        plan.exit(2, 0);
        assertThat(plan.kept()).containsExactly(2);
    }

    @Test
    void hupWithFewerWorkersDrainsNoneBeforeTheNewGenerationIsProven() {
        PlanDriver plan = PlanDriver.serving(3);

        plan.signal(Signal.HUP);
        plan.reloaded(2, 1);
        assertThat(plan.serving()).containsExactly(1L, 2L, 3L);

        plan.ready(4);
        assertThat(plan.serving()).containsExactly(4L);
    }

    @Test
    void newGenerationThatCannotLoadLeavesTheOldOneServing() {
        PlanDriver plan = PlanDriver.serving(2);
        plan.signal(Signal.HUP);
        plan.reloaded(2, 5);

        plan.message(3, new BootFailed(3, "SyntaxError: invalid syntax"));
        plan.exit(3, 3);

        assertThat(plan.log())
                .contains(
                        "ERROR Reload failed, the running workers stay: SyntaxError: invalid"
                                + " syntax");
        assertThat(plan.actions(Action.ReturnTo.class)).containsExactly(new Action.ReturnTo(1));
        assertThat(plan.serving()).containsExactly(1L, 2L);
        assertThat(plan.booting()).isEmpty();
        plan.passAlive(60, 1, 2);
        assertThat(plan.booting()).as("no endless retries").isEmpty();
        assertThat(plan.kept()).containsExactly(1);

        plan.exit(1, 1);
        assertThat(plan.spawnedGenerations()).endsWith(1);
    }

    @Test
    void newGenerationWhoseBootsDieIsGivenUpAfterThree() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.signal(Signal.HUP);
        plan.reloaded(2, 1);

        plan.exit(2, 137);
        plan.passAlive(1, 1);
        plan.exit(3, 137);
        plan.passAlive(2, 1);
        plan.exit(4, 137);

        assertThat(plan.log()).anyMatch(line -> line.startsWith("ERROR Reload failed"));
        assertThat(plan.serving()).containsExactly(1L);
        assertThat(plan.booting()).isEmpty();
    }

    @Test
    void unusableConfigurationChangesNothing() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.signal(Signal.HUP);

        plan.on(new Event.ReloadFailed("Value must be positive: -1"));

        assertThat(plan.log())
                .contains("ERROR Reload failed, nothing has changed: Value must be positive: -1");
        assertThat(plan.serving()).containsExactly(1L);
        assertThat(plan.booting()).isEmpty();
    }

    @Test
    void hupDuringTheFirstBootStartsOverWithTheNewConfiguration() {
        PlanDriver plan = new PlanDriver(1, 2);
        plan.tick();

        plan.signal(Signal.HUP);
        plan.reloaded(2, 1);

        assertThat(plan.signals(1)).containsExactly(Signal.TERM);
        assertThat(plan.booting()).containsExactly(2L);
        plan.exit(1, 143);
        plan.ready(2);
        assertThat(plan.serving()).containsExactly(2L);
    }

    @Test
    void secondHupOvertakesTheFirstAndTheOldGenerationStillServes() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.signal(Signal.HUP);
        plan.reloaded(2, 1);
        plan.signal(Signal.HUP);
        plan.reloaded(3, 1);
        assertThat(plan.booting()).containsExactly(3L);

        plan.exit(3, 3);

        assertThat(plan.serving()).containsExactly(1L);
        assertThat(plan.halted()).isEmpty();
    }

    @Test
    void workerOfTheOldGenerationThatGetsReadyDuringAReloadProvesNothing() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.exit(1, 1);
        plan.signal(Signal.HUP);
        plan.reloaded(2, 1);

        plan.ready(2);
        plan.exit(3, 3);

        assertThat(plan.log()).anyMatch(line -> line.startsWith("ERROR Reload failed"));
        assertThat(plan.serving()).containsExactly(2L);
    }

    @Test
    void reloadingServerKeepsAPreparedWorkerForTheNextEdit() {
        PlanDriver server = PlanDriver.reloading();
        server.tick();
        assertThat(server.spawned()).containsExactly(1L);
        server.message(1, new ListenersReceived());
        assertThat(server.sent(1)).containsExactly(new LoadApp());
        assertThat(server.spawned()).as("nothing else while the first boots").containsExactly(1L);
        server.ready(1);
        assertThat(server.spawned()).containsExactly(1L, 2L);
        server.message(2, new ListenersReceived());
        assertThat(server.sent(2)).isEmpty();

        server.message(1, new ReplaceMe("reload"));
        assertThat(server.sent(2)).containsExactly(new LoadApp());
        server.ready(2);
        assertThat(server.sent(1)).endsWith(new Drain());
        assertThat(server.spawned()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void editThatCannotBeLoadedIsTriedAgainAsSoonAsAFileChanges() {
        PlanDriver server = PlanDriver.reloading();
        server.tick();
        server.message(1, new ListenersReceived());
        server.ready(1);
        server.message(2, new ListenersReceived());
        server.message(1, new ReplaceMe("reload"));
        server.message(2, new BootFailed(3, "SyntaxError"));
        server.exit(2, 3);
        assertThat(server.spawned()).as("waits").containsExactly(1L, 2L);

        server.message(1, new ReplaceMe("reload"));
        assertThat(server.spawned()).containsExactly(1L, 2L, 3L);
        assertThat(server.halted()).isEmpty();
    }
}
