package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.http.Exchange;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DispatcherTest {
    /** What the thread that gets a request does with it. */
    private final Map<Exchange, Runnable> jobs = new ConcurrentHashMap<>();

    private final BlockingQueue<Boolean> saturation = new LinkedBlockingQueue<>();
    private final AtomicInteger threads = new AtomicInteger(1);
    private final ErrorLog log =
            new ErrorLog(LogFile.stderr(), LogLevel.CRITICAL, Clock.systemUTC());
    private Dispatcher dispatcher;
    private PythonThread first;

    private void start(int limit) {
        dispatcher = new Dispatcher(limit, this::thread, saturation::add, log);
        first = new PythonThread("python-1", () -> dispatcher.run(self(), this::serve));
        dispatcher.start(first);
        first.start();
    }

    private PythonThread thread(int number) {
        threads.incrementAndGet();
        return new PythonThread("python-" + number, () -> dispatcher.run(self(), this::serve));
    }

    private static PythonThread self() {
        return (PythonThread) Thread.currentThread();
    }

    private void serve(Exchange exchange) {
        jobs.get(exchange).run();
    }

    private CompletableFuture<String> submit(Runnable work) {
        CompletableFuture<String> ranOn = new CompletableFuture<>();
        Exchange exchange = new FakeExchange();
        jobs.put(
                exchange,
                () -> {
                    work.run();
                    ranOn.complete(Thread.currentThread().getName());
                });
        dispatcher.submit(exchange);
        return ranOn;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() {
        dispatcher.stop();
    }

    @Test
    void shortRequestsAllRunOnOneThread() throws Exception {
        start(4);
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(submit(() -> {}));
        }
        for (CompletableFuture<String> one : all) {
            assertThat(one.get(20, TimeUnit.SECONDS)).startsWith("python-");
        }
        // A pause of the machine may look like a stuck request once, but not in the long run.
        assertThat(threads.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void requestWhoseClientLeftWhileItWaitedIsNotServed() throws Exception {
        start(1);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        submit(
                () -> {
                    inside.countDown();
                    await(release);
                });
        await(inside);
        AtomicInteger served = new AtomicInteger();
        FakeExchange left = new FakeExchange();
        jobs.put(left, served::incrementAndGet);
        dispatcher.submit(left);
        CompletableFuture<String> next = submit(() -> {});
        left.leave();
        release.countDown();

        next.get(20, TimeUnit.SECONDS);
        assertThat(served).hasValue(0);
        assertThat(left.failed()).isTrue();
    }

    @Test
    void blockedRequestsLetOthersRunBesideThem() throws Exception {
        start(3);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(2);
        Runnable block =
                () -> {
                    inside.countDown();
                    await(release);
                };
        CompletableFuture<String> one = submit(block);
        CompletableFuture<String> two = submit(block);
        await(inside);
        String third = submit(() -> {}).get(20, TimeUnit.SECONDS);
        release.countDown();
        assertThat(List.of(one.get(), two.get(), third)).doesNotHaveDuplicates();
    }

    /** By the time alone one thread would be woken in a millisecond: 20 at once. */
    @Test
    void requestsThatSleepFillAllThreadsAtOnce() throws Exception {
        start(60);
        AtomicInteger asleep = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Runnable sleep =
                () -> {
                    most.accumulateAndGet(asleep.incrementAndGet(), Math::max);
                    try {
                        Thread.sleep(20);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    asleep.decrementAndGet();
                };
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            all.add(submit(sleep));
        }
        for (CompletableFuture<String> one : all) {
            one.get(20, TimeUnit.SECONDS);
        }
        assertThat(most.get()).isGreaterThan(40);
    }

    @Test
    void noMoreThreadsThanTheLimitAreStarted() throws Exception {
        start(2);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            submit(
                    () -> {
                        inside.countDown();
                        await(release);
                    });
        }
        CompletableFuture<String> waiting = submit(() -> {});
        await(inside);
        assertThat(saturation.poll(20, TimeUnit.SECONDS)).as("all threads are taken").isTrue();
        assertThat(waiting).isNotDone();
        release.countDown();
        waiting.get(20, TimeUnit.SECONDS);
        assertThat(threads.get()).isEqualTo(2);
        assertThat(saturation.poll(20, TimeUnit.SECONDS)).as("one is free again").isFalse();
    }

    @Test
    void requestsBehindAThreadWrittenOffGetAnother() throws Exception {
        start(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        CompletableFuture<String> stuck =
                submit(
                        () -> {
                            inside.countDown();
                            await(release);
                        });
        await(inside);
        CompletableFuture<String> behind = submit(() -> {});
        assertThat(behind).isNotDone();

        dispatcher.writeOff(first);

        assertThat(behind.get(20, TimeUnit.SECONDS)).isEqualTo("python-2");
        dispatcher.idle().get(20, TimeUnit.SECONDS); // the stuck one does not count
        release.countDown();
        assertThat(stuck.get(20, TimeUnit.SECONDS)).isEqualTo("python-1");
        first.join();
    }

    @Test
    void threadThatComesBackAtTheLastMomentIsWrittenOffOnce() throws Exception {
        start(1);
        submit(() -> {}).get(20, TimeUnit.SECONDS);
        while (first.isAwake()) {
            Thread.onSpinWait();
        }
        dispatcher.writeOff(first);
        first.join();
        assertThat(submit(() -> {}).get(20, TimeUnit.SECONDS)).isEqualTo("python-2");
    }

    @Test
    void idlenessComesWhenTheLastRequestHasReturned() throws Exception {
        start(2);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<String> running = submit(() -> await(release));
        CompletableFuture<Void> idle = dispatcher.idle();
        assertThat(idle).isNotDone();
        release.countDown();
        idle.get(20, TimeUnit.SECONDS);
        assertThat(running).isDone();
    }

    @Test
    void idleDispatcherIsIdleAtOnce() throws Exception {
        start(1);
        submit(() -> {}).get(20, TimeUnit.SECONDS);
        dispatcher.idle().get(20, TimeUnit.SECONDS);
    }

    @Test
    void threadThatDiesIsReplacedForTheNextRequest() throws Exception {
        start(1);
        first.setUncaughtExceptionHandler((_, _) -> {});
        submit(
                () -> {
                    throw new StackOverflowError("as the test asked");
                });
        first.join();
        assertThat(submit(() -> {}).get(20, TimeUnit.SECONDS)).startsWith("python-");
    }

    @Test
    void stopLetsEveryThreadReturn() throws Exception {
        start(2);
        submit(() -> {}).get(20, TimeUnit.SECONDS);
        dispatcher.stop();
        first.join(20_000);
        assertThat(first.isAlive()).isFalse();
    }
}
