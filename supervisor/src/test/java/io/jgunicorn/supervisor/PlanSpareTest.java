package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ControlMessage.BootFailed;
import io.jgunicorn.control.ControlMessage.Drain;
import io.jgunicorn.control.ControlMessage.ReplaceMe;
import io.jgunicorn.control.ControlMessage.RequestTimedOut;
import io.jgunicorn.control.ControlMessage.Serve;
import io.jgunicorn.os.Signal;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code spare_workers}: ready, and not serving until a place is free. */
class PlanSpareTest {
    private static String takesOver(long pid) {
        return "INFO Spare worker takes over (pid: " + pid + ")";
    }

    @Test
    void sparesBootBesideTheOthersAndWait() {
        PlanDriver plan = PlanDriver.servingWithSpares(2, 1);

        assertThat(plan.serving()).containsExactly(1L, 2L);
        assertThat(plan.sent(3)).isEmpty();
        assertThat(plan.spawned()).hasSize(3);
        assertThat(plan.log()).noneMatch(line -> line.contains("takes over"));
    }

    @Test
    void spareTakesOverAtOnceWhereAWorkerDies() {
        PlanDriver plan = PlanDriver.servingWithSpares(2, 1);
        plan.passAlive(1, 1, 2, 3);

        plan.on(new Event.LinkClosed(1001));

        assertThat(plan.serving()).contains(2L, 3L);
        assertThat(plan.sent(3)).containsExactly(new Serve());
        assertThat(plan.log()).contains(takesOver(1003));
        assertThat(plan.booting()).as("the next spare").containsExactly(4L);
    }

    @Test
    void spareTakesOverAtOnceWhereADeadlineIsMissed() {
        PlanDriver plan = PlanDriver.servingWithSpares(1, 1);
        plan.passAlive(1, 1, 2);

        plan.message(1, new RequestTimedOut("GET /slow", 30));

        assertThat(plan.log()).contains(takesOver(1002));
    }

    @Test
    void workerThatAsksOutIsReplacedByTheSpare() {
        PlanDriver plan = PlanDriver.servingWithSpares(2, 1);
        plan.passAlive(1, 1, 2, 3);

        plan.message(2, new ReplaceMe("max_requests"));

        assertThat(plan.sent(3)).containsExactly(new Serve());
        assertThat(plan.sent(2)).endsWith(new Drain());
        assertThat(plan.serving()).containsExactly(1L, 3L);
        assertThat(plan.booting()).containsExactly(4L);
    }

    @Test
    void moreWorkersAreThereAtOnce() {
        PlanDriver plan = PlanDriver.servingWithSpares(1, 1);

        plan.signal(Signal.TTIN);

        assertThat(plan.serving()).containsExactly(1L, 2L);
        assertThat(plan.booting()).containsExactly(3L);
    }

    @Test
    void spareThatDiesIsReplacedAndNobodyElse() {
        PlanDriver plan = PlanDriver.servingWithSpares(1, 1);

        plan.exit(2, 137);

        assertThat(plan.booting()).containsExactly(3L);
        plan.ready(3);
        assertThat(plan.serving()).containsExactly(1L);
    }

    @Test
    void silentSpareIsReplacedLikeAnyOther() {
        PlanDriver plan = PlanDriver.servingWithSpares(1, 1);

        plan.passAlive(31, 1);

        assertThat(plan.signals(2)).startsWith(Signal.ABRT);
        assertThat(plan.signals(1)).isEmpty();
    }

    @Test
    void sparesOfTheLastGenerationHelpOutUntilTheNewOneIsProven() {
        PlanDriver plan = PlanDriver.servingWithSpares(1, 1);
        plan.signal(Signal.HUP);
        plan.reloaded(2, 1);

        plan.exit(1, 137);
        assertThat(plan.serving()).containsExactly(2L);

        plan.ready(3);
        assertThat(plan.serving()).containsExactly(3L);
        assertThat(plan.sent(2)).endsWith(new Drain());
    }

    @Test
    void sparesOfTheLastGenerationAreNotNeededForALargerNewOne() {
        PlanDriver plan = PlanDriver.servingWithSpares(1, 1);
        plan.signal(Signal.HUP);

        plan.reloaded(2, 3);

        assertThat(plan.serving()).containsExactly(1L);
    }

    @Test
    void sparesOfTheLastGenerationLeaveWhenTheNewOneIsProven() {
        PlanDriver plan = PlanDriver.servingWithSpares(1, 1);
        plan.signal(Signal.HUP);
        plan.reloaded(2, 1);

        plan.ready(3);

        assertThat(plan.sent(2)).containsExactly(new Drain());
        assertThat(plan.booting()).as("the new configuration wants none").isEmpty();
    }

    @Test
    void sparesStayWhereTheReloadFails() {
        PlanDriver plan = PlanDriver.servingWithSpares(1, 1);
        plan.signal(Signal.HUP);
        plan.reloaded(2, 1);

        plan.message(3, new BootFailed(3, "SyntaxError"));
        plan.exit(3, 3);

        assertThat(plan.sent(2)).isEmpty();
        assertThat(plan.booting()).isEmpty();
    }

    @Test
    void severalWorkersAreReplacedAtATimeIfThatIsAllowed() {
        PlanDriver plan = PlanDriver.serving(1);
        Duration time = Duration.ofSeconds(30);
        plan.signal(Signal.HUP);
        plan.reloaded(2, 3, new Generation.Policy(time, time, time, 2, 0, Optional.empty()));
        plan.ready(2);
        plan.exit(1, 0);
        plan.ready(3);
        plan.ready(4);

        for (long age = 2; age <= 4; age++) {
            plan.message(age, new ReplaceMe("max_requests"));
        }
        plan.ready(5);
        plan.ready(6);

        assertThat(plan.serving()).containsExactly(4L, 5L, 6L);
        assertThat(plan.booting()).as("two are leaving").isEmpty();
        plan.exit(2, 0);
        assertThat(plan.booting()).containsExactly(7L);
    }

    @Test
    void stopEndsSparesToo() {
        PlanDriver plan = PlanDriver.servingWithSpares(1, 1);

        plan.signal(Signal.TERM);

        assertThat(plan.sent(2)).containsExactly(new Drain());
        plan.exit(1, 0);
        plan.exit(2, 0);
        assertThat(plan.halted()).hasValue(0);
    }
}
