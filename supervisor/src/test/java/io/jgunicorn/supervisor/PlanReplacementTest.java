package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ControlMessage.Drain;
import io.jgunicorn.control.ControlMessage.Heartbeat;
import io.jgunicorn.control.ControlMessage.Load;
import io.jgunicorn.control.ControlMessage.ReplaceMe;
import io.jgunicorn.control.ControlMessage.RequestTimedOut;
import io.jgunicorn.control.ControlMessage.StacksTold;
import io.jgunicorn.os.Signal;
import org.junit.jupiter.api.Test;

/** Workers that crash, miss a deadline or ask out are replaced. */
class PlanReplacementTest {
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

    @Test
    void workerThatAnOperatorWantsReplacedServesUntilAnotherOneDoes() {
        PlanDriver plan = PlanDriver.serving(2);

        plan.on(new Event.ReplacementAsked(1002));

        assertThat(plan.log()).contains("INFO Worker (pid:1002) is to be replaced");
        assertThat(plan.booting()).containsExactly(3L);
        assertThat(plan.serving()).containsExactly(1L, 2L);
        plan.ready(3);
        assertThat(plan.sent(2)).endsWith(new Drain());
        assertThat(plan.serving()).containsExactly(1L, 3L);
    }

    @Test
    void whatAWorkerTellsOperatorsIsNoSignThatItServes() {
        PlanDriver plan = PlanDriver.serving(1);
        plan.passAlive(29);
        plan.message(1, new StacksTold(1));
        plan.passAlive(2);
        assertThat(plan.signals(1)).containsExactly(Signal.ABRT);
    }

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

        plan.message(1, new Heartbeat(9, 1, 0, Load.UNKNOWN));
        plan.passAlive(6, 1);
        assertThat(plan.signals(1)).as("another thread is busy").isEmpty();
        plan.message(1, new Heartbeat(9, 0, 0, Load.UNKNOWN));
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
}
