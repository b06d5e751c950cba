package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ControlMessage.BootFailed;
import io.jgunicorn.control.ControlMessage.Serve;
import io.jgunicorn.os.Signal;
import org.junit.jupiter.api.Test;

/** How workers are booted, and what becomes of boots that fail. */
class PlanBootTest {
    @Test
    void firstWorkersBootOneAtATimeUntilOneIsReady() {
        PlanDriver plan = new PlanDriver(3, 4);

        plan.tick();
        assertThat(plan.booting()).containsExactly(1L);

        plan.ready(1);
        assertThat(plan.booting()).containsExactly(2L, 3L);
        assertThat(plan.sent(1)).containsExactly(new Serve());
    }

    @Test
    void bootIsMentionedWithItsDuration() {
        PlanDriver plan = new PlanDriver(1, 2);
        plan.tick();
        plan.pass(3.4);

        plan.ready(1);

        assertThat(plan.log()).contains("INFO Worker ready after 3.4 s (pid: 1001)");
    }

    @Test
    void slowBootIsMentionedEachTimeItHasTakenTwiceAsLong() {
        PlanDriver plan = new PlanDriver(1, 2);
        plan.tick();
        plan.pass(4.9);
        assertThat(plan.log()).noneMatch(line -> line.contains("still booting"));
        for (int i = 0; i < 70; i++) {
            plan.pass(0.25);
        }

        assertThat(plan.log())
                .filteredOn(line -> line.contains("still booting"))
                .containsExactly(
                        "INFO Worker (pid:1001) is still booting after 5 s",
                        "INFO Worker (pid:1001) is still booting after 10 s",
                        "INFO Worker (pid:1001) is still booting after 20 s");
    }

    @Test
    void servingWorkerIsNotCalledSlow() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.passAlive(10, 1);
        assertThat(plan.log()).noneMatch(line -> line.contains("still booting"));
    }

    @Test
    void firstWorkerThatCannotLoadTheAppStopsTheServerWithItsCode() {
        PlanDriver plan = new PlanDriver(2, 2);
        plan.tick();

        plan.message(1, new BootFailed(4, "Failed to find attribute 'nope' in 'app'."));
        plan.exit(1, 4);

        assertThat(plan.halted()).hasValue(4);
        assertThat(plan.log())
                .containsSubsequence(
                        "ERROR Worker (pid:1001) exited with code 4.",
                        "ERROR Shutting down: Master",
                        "ERROR Reason: App failed to load.");
    }

    @Test
    void preloadedAppThatCannotLoadStopsTheServerWithCodeOne() {
        PlanDriver plan = PlanDriver.preloading();
        plan.tick();

        plan.exit(1, 3);

        assertThat(plan.halted()).hasValue(1);
        assertThat(plan.log()).contains("ERROR Reason: Worker failed to boot.");
    }

    @Test
    void replacementThatCannotLoadTheAppDoesNotStopTheServer() {
        PlanDriver plan = PlanDriver.serving(2);
        plan.exit(2, 1);
        assertThat(plan.booting()).containsExactly(3L);

        plan.exit(3, 3);

        assertThat(plan.halted()).isEmpty();
        assertThat(plan.booting()).isEmpty();
        plan.pass(1);
        assertThat(plan.booting()).containsExactly(4L);
    }

    @Test
    void bootsThatFailAgainAndAgainWaitLongerEachTime() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.exit(1, 1);
        long age = 2;
        for (int wait : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            plan.exit(age, 1);
            plan.pass(wait - 0.01);
            assertThat(plan.booting()).as("before " + wait + " s").isEmpty();
            plan.pass(0.01);
            age++;
            assertThat(plan.booting()).as("after " + wait + " s").containsExactly(age);
        }
    }

    @Test
    void workerThatDiesWhileBootingBeforeAnyWasReadyIsTriedAgain() {
        PlanDriver plan = new PlanDriver(1, 2);
        plan.tick();

        plan.exit(1, 128 + 9);

        assertThat(plan.halted()).isEmpty();
        assertThat(plan.log())
                .contains(
                        "ERROR Worker (pid:1001) was sent SIGKILL! Perhaps out of memory?",
                        "ERROR Boot failed, next try in 1 s: the worker ended while it booted");
        plan.pass(1);
        assertThat(plan.booting()).containsExactly(2L);
    }

    @Test
    void readyWorkerClearsTheWait() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.exit(1, 1);
        plan.exit(2, 1);
        plan.pass(1);
        plan.ready(3);

        plan.exit(3, 1);

        assertThat(plan.booting()).containsExactly(4L);
    }

    @Test
    void bootThatNeverEndsIsKilledAfterTheBootTimeout() {
        PlanDriver plan = new PlanDriver(1, 2);
        plan.tick();

        plan.pass(300);
        assertThat(plan.signals(1)).isEmpty();
        plan.pass(1);
        assertThat(plan.signals(1)).containsExactly(Signal.KILL);
        plan.exit(1, 137);
        assertThat(plan.log())
                .anyMatch(line -> line.endsWith("s: not ready after 300 s (boot_timeout)"));
    }

    @Test
    void processThatCannotBeStartedIsTriedAgainLater() {
        PlanDriver plan = new PlanDriver(1, 2);
        plan.failSpawns("no memory");
        plan.tick();

        assertThat(plan.log()).contains("ERROR Boot failed, next try in 1 s: no memory");
        plan.allowSpawns();
        plan.pass(1);
        assertThat(plan.booting()).containsExactly(2L);
    }
}
