package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ThreadStack;
import io.jgunicorn.control.ThreadStack.Frame;
import io.jgunicorn.control.ThreadStack.Inside;
import io.jgunicorn.control.ThreadStack.Trace;
import io.jgunicorn.http.Exchange;
import io.jgunicorn.worker.python.PythonStacks.Told;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadReportTest {
    private static final List<Frame> SLOW = List.of(new Frame("/app.py", 3, "slow"));

    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final PythonThread thread = new PythonThread("python-2", this::waitForTheEnd);

    private void waitForTheEnd() {
        inside.countDown();
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void start() throws InterruptedException {
        thread.start();
        inside.await();
    }

    @AfterEach
    void end() throws InterruptedException {
        release.countDown();
        thread.join();
    }

    private static Map<Long, Optional<Exchange>> busy() {
        return ThreadReport.busy(ThreadReport.threads());
    }

    private ThreadStack report(Map<Long, Told> told) {
        return report(busy(), told);
    }

    private ThreadStack report(Map<Long, Optional<Exchange>> before, Map<Long, Told> told) {
        List<ThreadStack> stacks = ThreadReport.of(ThreadReport.threads(), before, told);
        assertThat(stacks).as("only threads that run Python").hasSize(1);
        return stacks.getFirst();
    }

    private Map<Long, Told> told(Optional<String> name) {
        return Map.of(thread.threadId(), new Told(name, Optional.of(SLOW)));
    }

    @Test
    void threadInsideARequestIsShownWithItsRequestAndItsCalls() {
        thread.begin(new FakeExchange());

        ThreadStack stack = report(told(Optional.empty()));

        assertThat(stack.name()).isEqualTo("python-2");
        assertThat(stack.inside().map(Inside::request)).hasValue("GET /");
        assertThat(stack.trace()).isEqualTo(new Trace(true, SLOW, 0));
        assertThat(busy()).containsOnlyKeys(thread.threadId());
    }

    @Test
    void requestThatBeganAfterTheCallsWereReadIsNotShownWithThem() {
        thread.begin(new FakeExchange());
        Map<Long, Optional<Exchange>> before = busy();
        thread.begin(new FakeExchange());

        ThreadStack stack = report(before, told(Optional.empty()));

        assertThat(stack.inside()).isEmpty();
        assertThat(stack.trace().frames()).isEqualTo(SLOW);
    }

    @Test
    void threadThatDoesNotAnswerIsShownWithItsJavaSideInnermostLast() {
        thread.begin(new FakeExchange());

        Trace trace = report(Map.of()).trace();

        assertThat(trace.python()).isFalse();
        assertThat(trace.frames())
                .anySatisfy(
                        frame -> {
                            assertThat(frame.file()).isEqualTo("ThreadReportTest.java");
                            assertThat(frame.function()).endsWith("ThreadReportTest.waitForTheEnd");
                        });
        assertThat(trace.frames().getFirst().function()).endsWith("PythonThread.run");
    }

    @Test
    void threadThatWaitsForWorkIsNotAskedAndHasNoCalls() {
        thread.goingIdle();

        assertThat(busy()).isEmpty();
        ThreadStack stack = report(Map.of());
        assertThat(stack.inside()).isEmpty();
        assertThat(stack.trace()).isEqualTo(new Trace(true, List.of(), 0));
    }

    @Test
    void threadOfTheApplicationHasTheNameItWasGiven() throws InterruptedException {
        Thread other = new Thread(this::waitForTheEnd, "Polyglot-python-7");
        other.start();
        Map<Long, Told> told =
                Map.of(other.threadId(), new Told(Optional.of("consumer"), Optional.of(SLOW)));

        List<ThreadStack> stacks = ThreadReport.of(ThreadReport.threads(), busy(), told);
        release.countDown();
        other.join();

        assertThat(stacks).extracting(ThreadStack::name).containsExactly("python-2", "consumer");
    }
}
