package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ControlMessage.BootFailed;
import io.jgunicorn.control.ControlMessage.Drain;
import io.jgunicorn.control.ControlMessage.Heartbeat;
import io.jgunicorn.control.ControlMessage.ListenersReceived;
import io.jgunicorn.control.ControlMessage.LoadApp;
import io.jgunicorn.control.ControlMessage.Quit;
import io.jgunicorn.control.ControlMessage.ReopenLogs;
import io.jgunicorn.control.ControlMessage.ReplaceMe;
import io.jgunicorn.control.ControlMessage.RequestTimedOut;
import io.jgunicorn.control.ControlMessage.Serve;
import io.jgunicorn.os.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {

    // ---- boot ----------------------------------------------------------------------------------

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
        plan.pass(1.9);
        assertThat(plan.log()).noneMatch(line -> line.contains("still booting"));
        for (int i = 0; i < 30; i++) {
            plan.pass(0.25);
        }

        assertThat(plan.log())
                .filteredOn(line -> line.contains("still booting"))
                .containsExactly(
                        "INFO Worker (pid:1001) is still booting after 2 s",
                        "INFO Worker (pid:1001) is still booting after 4 s",
                        "INFO Worker (pid:1001) is still booting after 8 s");
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
    void bootThatNeverEndsIsKilledAfterFiveMinutes() {
        PlanDriver plan = new PlanDriver(1, 2);
        plan.tick();

        plan.pass(300);
        assertThat(plan.signals(1)).isEmpty();
        plan.pass(1);
        assertThat(plan.signals(1)).containsExactly(Signal.KILL);
        plan.exit(1, 137);
        assertThat(plan.log()).anyMatch(line -> line.endsWith("s: not ready after 300 s"));
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

    // ---- crash and number of workers -----------------------------------------------------------

    @Test
    void crashedWorkerIsReplacedAtOnce() {
        PlanDriver plan = PlanDriver.serving(2);

        plan.exit(1, 128 + 11);

        assertThat(plan.log()).contains("WARNING Worker (pid:1001) was sent SIGSEGV!");
        assertThat(plan.booting()).containsExactly(3L);
        assertThat(plan.reaped()).containsExactly(1001L);
    }

    @Test
    void closedLinkMeansTheWorkerIsReplacedAndKilledFiveSecondsLater() {
        PlanDriver plan = PlanDriver.serving(1);

        plan.on(new Event.LinkClosed(1001));
        assertThat(plan.booting()).containsExactly(2L);
        plan.pass(4.9);
        assertThat(plan.signals(1)).isEmpty();
        plan.pass(0.1);
        assertThat(plan.signals(1)).containsExactly(Signal.KILL);
    }

    @Test
    void workerThatSendsNonsenseIsKilledWithAReason() {
        PlanDriver plan = PlanDriver.serving(1);

        plan.on(new Event.LinkBroken(1001, "control message of unknown type 7"));

        assertThat(plan.signals(1)).containsExactly(Signal.KILL);
        assertThat(plan.log())
                .contains(
                        "ERROR Worker (pid:1001) broke the control link: control message of"
                                + " unknown type 7");
    }

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
    void drainingWorkerIsKilledAfterTheGracefulTimeout() {
        PlanDriver plan = PlanDriver.serving(2);
        plan.signal(Signal.TTOU);

        plan.passAlive(29, 1, 2);
        assertThat(plan.signals(1)).isEmpty();
        plan.passAlive(1, 1, 2);

        assertThat(plan.signals(1)).containsExactly(Signal.KILL);
        plan.exit(1, 137);
        assertThat(plan.log()).contains("WARNING Worker (pid:1001) was sent SIGKILL!");
    }

    // ---- max_requests --------------------------------------------------------------------------

    @Test
    void workersThatAskOutAreReplacedOneAfterTheOther() {
        PlanDriver plan = PlanDriver.serving(2);
        plan.message(1, new ReplaceMe("max_requests"));
        plan.message(2, new ReplaceMe("max_requests"));
        assertThat(plan.booting()).containsExactly(3L);
        assertThat(plan.serving()).containsExactly(1L, 2L);

        plan.ready(3);
        assertThat(plan.sent(1)).endsWith(new Drain());
        assertThat(plan.booting()).as("the first has not left yet").isEmpty();

        plan.exit(1, 0);
        assertThat(plan.booting()).containsExactly(4L);
        plan.ready(4);
        plan.exit(2, 0);
        assertThat(plan.serving()).containsExactly(3L, 4L);
        assertThat(plan.booting()).isEmpty();
    }

    // ---- time-outs -----------------------------------------------------------------------------

    @Test
    void requestThatTimedOutIsLoggedAndItsWorkerReplacedAtOnce() {
        PlanDriver plan = PlanDriver.serving(1);

        plan.message(1, new RequestTimedOut("GET /slow", 30.04));

        assertThat(plan.log())
                .containsSubsequence(
                        "CRITICAL WORKER TIMEOUT (pid:1001)",
                        "ERROR GET /slow was not answered within 30.0 s");
        assertThat(plan.booting()).containsExactly(2L);
        plan.passAlive(29.9, 1);
        assertThat(plan.signals(1)).isEmpty();
        plan.passAlive(0.1, 1);
        assertThat(plan.signals(1)).containsExactly(Signal.KILL);
    }

    @Test
    void expiredWorkerWithoutOtherRequestsIsNotWaitedFor() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.message(1, new RequestTimedOut("GET /slow", 30));

        plan.message(1, new Heartbeat(9, 1, 0));
        plan.passAlive(6, 1);
        assertThat(plan.signals(1)).as("another thread is busy").isEmpty();
        plan.message(1, new Heartbeat(9, 0, 0));
        plan.pass(4.9);
        assertThat(plan.signals(1)).as("its hooks may run").isEmpty();
        plan.pass(0.1);

        assertThat(plan.signals(1)).containsExactly(Signal.KILL);
    }

    @Test
    void workerWithoutHeartbeatIsAbortedAndKilledASecondLater() {
        PlanDriver plan = PlanDriver.serving(1);

        plan.passAlive(30);
        assertThat(plan.signals(1)).isEmpty();
        plan.passAlive(0.1);
        assertThat(plan.log()).contains("CRITICAL WORKER TIMEOUT (pid:1001)");
        assertThat(plan.signals(1)).containsExactly(Signal.ABRT);
        assertThat(plan.booting()).containsExactly(2L);
        plan.pass(1);

        assertThat(plan.signals(1)).containsExactly(Signal.ABRT, Signal.KILL);
    }

    @Test
    void masterThatWasItselfStoppedDoesNotBlameItsWorkers() {
        PlanDriver plan = PlanDriver.serving(1);

        plan.pass(3600);

        assertThat(plan.signals(1)).isEmpty();
    }

    // ---- HUP -----------------------------------------------------------------------------------

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

    // ---- stop ----------------------------------------------------------------------------------

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
    void termWhileALinkedWorkerBootsTellsItToQuit() {
        PlanDriver plan = new PlanDriver(1, 2);
        plan.tick();
        plan.message(1, new Heartbeat(0, 0, 0));

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

    // ---- other signals -------------------------------------------------------------------------

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

    @Test
    void usr1ReopensTheLogsOfAllProcesses() {
        PlanDriver plan = PlanDriver.serving(2);

        plan.signal(Signal.USR1);

        assertThat(plan.actions(Action.ReopenLogs.class)).hasSize(1);
        assertThat(plan.sent(1)).endsWith(new ReopenLogs());
        assertThat(plan.sent(2)).endsWith(new ReopenLogs());
    }

    @Test
    void usr2IsRefusedClearly() {
        PlanDriver plan = PlanDriver.serving(1);

        plan.signal(Signal.USR2);

        assertThat(plan.log())
                .contains(
                        "WARNING Signal usr2 ignored: replacing a running master is not available"
                                + " yet");
    }
}
