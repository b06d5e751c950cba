package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ControlMessage.ListenersReceived;
import io.jgunicorn.control.ControlMessage.Ready;
import io.jgunicorn.control.ControlMessage.StackTold;
import io.jgunicorn.control.ControlMessage.StacksTold;
import io.jgunicorn.control.ControlMessage.TellStacks;
import io.jgunicorn.control.ControlMessage.ToWorker;
import io.jgunicorn.control.ThreadStack;
import io.jgunicorn.control.ThreadStack.Frame;
import io.jgunicorn.control.ThreadStack.Inside;
import io.jgunicorn.control.ThreadStack.Trace;
import io.jgunicorn.supervisor.ctl.CtlCalls;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StackQuestionsTest {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final ThreadStack STACK =
            new ThreadStack(
                    "python-1",
                    "TIMED_WAITING",
                    Optional.of(new Inside("GET /slow", 2.57)),
                    Trace.of(true, List.of(new Frame("/app.py", 3, "slow"))));

    private Duration now = Duration.ofSeconds(100);
    private final Map<Long, ToWorker> sent = new HashMap<>();
    private final Plan plan =
            new Plan(
                    Generation.fresh(
                            1,
                            2,
                            new Generation.Policy(TIME, TIME, TIME, 1, 0, Optional.empty()),
                            false),
                    8,
                    false);
    private final StackQuestions questions = new StackQuestions(plan, sent::put, () -> now);

    @BeforeEach
    void twoWorkersWithTheirLinks() {
        happen(new Event.Tick());
        for (long age = 1; age <= 2; age++) {
            happen(new Event.WorkerStarted(age, 1000 + age));
            happen(new Event.MessageFrom(1000 + age, new ListenersReceived()));
            happen(new Event.MessageFrom(1000 + age, new Ready("x")));
        }
    }

    private void happen(Event event) {
        questions.note(event);
        plan.on(event, now);
    }

    private void tick(double seconds) {
        now = now.plusMillis(Math.round(seconds * 1000));
        happen(new Event.Tick());
    }

    /** Filled when the answer is there. */
    private Map<String, Object> ask(OptionalLong pid) {
        return CtlCalls.answer(call -> questions.ask(call, pid), "stacks");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> workers(Map<String, Object> reply) {
        assertThat(reply).containsEntry("status", "ok");
        return (List<Map<String, Object>>) ((Map<String, Object>) reply.get("data")).get("workers");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> threads(Map<String, Object> worker) {
        return (List<Map<String, Object>>) worker.get("threads");
    }

    @Test
    void answerComesWhenTheLastWorkerHasToldAll() {
        Map<String, Object> reply = ask(OptionalLong.empty());
        assertThat(sent).containsOnlyKeys(1001L, 1002L).containsValue(new TellStacks(1));

        happen(new Event.MessageFrom(1001, new StackTold(1, STACK)));
        happen(new Event.MessageFrom(1001, new StacksTold(1)));
        assertThat(reply).isEmpty();
        happen(new Event.MessageFrom(1002, new StacksTold(1)));

        Map<String, Object> first = workers(reply).getFirst();
        assertThat(first).containsEntry("pid", 1001L).containsEntry("answered", true);
        assertThat(threads(first))
                .containsExactly(
                        Answers.members(
                                "name", "python-1",
                                "state", "TIMED_WAITING",
                                "request", "GET /slow",
                                "seconds", 2.5,
                                "language", "python",
                                "omitted", 0,
                                "frames",
                                        List.of(
                                                Answers.members(
                                                        "file", "/app.py",
                                                        "line", 3,
                                                        "function", "slow"))));
        assertThat(threads(workers(reply).getLast())).isEmpty();
    }

    @Test
    void oneWorkerCanBeAskedAlone() {
        Map<String, Object> reply = ask(OptionalLong.of(1002));
        assertThat(sent).containsOnlyKeys(1002L);
        happen(new Event.MessageFrom(1002, new StacksTold(1)));
        assertThat(workers(reply)).hasSize(1);
    }

    @Test
    void workerThatDoesNotAnswerIsReportedAndWaitedForNoLonger() {
        Map<String, Object> reply = ask(OptionalLong.empty());
        happen(new Event.MessageFrom(1002, new StackTold(1, STACK)));
        happen(new Event.MessageFrom(1002, new StacksTold(1)));
        tick(5.9);
        assertThat(reply).isEmpty();
        tick(0.1);

        assertThat(workers(reply).getFirst())
                .containsEntry("answered", false)
                .containsEntry("problem", "does not answer within 6 s");
        assertThat(threads(workers(reply).getLast())).hasSize(1);
        happen(new Event.MessageFrom(1001, new StacksTold(1))); // too late, and no harm
    }

    @Test
    void workerThatEndsMeanwhileIsNotWaitedFor() {
        Map<String, Object> reply = ask(OptionalLong.of(1001));
        happen(new Event.LinkClosed(1001));
        assertThat(workers(reply).getFirst()).containsEntry("problem", "has ended meanwhile");
    }

    @Test
    void workerWithoutALinkIsNotAsked() {
        happen(new Event.WorkerExited(1002, 1));
        happen(new Event.WorkerStarted(3, 1003));
        Map<String, Object> reply = ask(OptionalLong.of(1003));
        assertThat(sent).isEmpty();
        assertThat(workers(reply).getFirst()).containsEntry("problem", "has not begun to boot");
    }

    @Test
    void eachQuestionHasItsOwnAnswers() {
        Map<String, Object> first = ask(OptionalLong.of(1001));
        Map<String, Object> second = ask(OptionalLong.of(1001));
        happen(new Event.MessageFrom(1001, new StackTold(2, STACK)));
        happen(new Event.MessageFrom(1001, new StacksTold(1)));
        assertThat(threads(workers(first).getFirst())).isEmpty();
        happen(new Event.MessageFrom(1001, new StacksTold(2)));
        assertThat(threads(workers(second).getFirst())).hasSize(1);
    }

    @Test
    void framesThatWouldNotFitIntoAnAnswerAreLeftOut() {
        Frame frame = new Frame("f".repeat(500), 1, "g".repeat(500));
        ThreadStack deep =
                new ThreadStack(
                        "deep",
                        "x",
                        Optional.empty(),
                        Trace.of(true, Collections.nCopies(200, frame)));
        Map<String, Object> reply = ask(OptionalLong.of(1001));
        for (int i = 0; i < 21; i++) {
            happen(new Event.MessageFrom(1001, new StackTold(1, deep)));
        }
        happen(new Event.MessageFrom(1001, new StacksTold(1)));

        List<Map<String, Object>> threads = threads(workers(reply).getFirst());
        assertThat(threads.getFirst()).containsEntry("omitted", 0);
        assertThat(threads.getLast())
                .containsEntry("omitted", 200)
                .containsEntry("frames", List.of());
        assertThat(threads).hasSize(21);
    }
}
