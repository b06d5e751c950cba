package io.jgunicorn.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LogQueueTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** Keeps the queue's thread waiting, item by item, until it is let on. */
    private static final class Reader implements LogQueue.Sink<String> {
        private final Semaphore permits = new Semaphore(0);
        private final Semaphore entered = new Semaphore(0);
        private final List<String> seen = new ArrayList<>();

        @Override
        public void write(List<String> batch) {
            entered.release();
            permits.acquireUninterruptibly();
            synchronized (seen) {
                seen.addAll(batch);
            }
        }

        @Override
        public void dropped(long count) {
            synchronized (seen) {
                seen.add(count + " dropped");
            }
        }

        List<String> seen() {
            synchronized (seen) {
                return List.copyOf(seen);
            }
        }
    }

    private final Reader reader = new Reader();

    private LogQueue<String> queue(int items, long weight) {
        return LogQueue.started("test", LogQueue.Bounds.of(items, weight, Duration.ZERO), reader);
    }

    private void offerAndAwaitThatItIsStuck(LogQueue<String> queue, String item) throws Exception {
        queue.offer(item, 1, false);
        reader.entered.acquire();
    }

    @Test
    void orderIsKept() {
        reader.permits.release(10_000);
        LogQueue<String> queue = queue(2000, 2000);
        List<String> all = IntStream.range(0, 1500).mapToObj(Integer::toString).toList();
        all.forEach(item -> queue.offer(item, 1, false));
        assertThat(queue.close(LONG).count()).isZero();
        assertThat(reader.seen()).isEqualTo(all);
    }

    @Test
    void whatIsTooMuchIsDroppedAndReportedBehindWhatWaited() throws Exception {
        LogQueue<String> queue = queue(3, 100);
        offerAndAwaitThatItIsStuck(queue, "first");
        for (String item : List.of("a", "b", "c", "d", "e")) {
            queue.offer(item, 1, false);
        }
        reader.permits.release(10);
        assertThat(queue.flush(LONG)).isZero();
        queue.offer("later", 1, false);
        assertThat(queue.close(LONG).count()).isZero();
        assertThat(reader.seen()).containsExactly("first", "a", "b", "c", "2 dropped", "later");
    }

    @Test
    void urgentItemsAreTakenWhereOthersAreDropped() throws Exception {
        LogQueue<String> queue = queue(2, 100);
        offerAndAwaitThatItIsStuck(queue, "first");
        for (String item : List.of("a", "b", "c")) {
            queue.offer(item, 1, false);
        }
        queue.offer("urgent", 1, true);
        reader.permits.release(10);
        LogQueue.Rest<String> _ = queue.close(LONG);
        assertThat(reader.seen()).contains("urgent").doesNotContain("c");
    }

    @Test
    void weightIsBoundedToo() throws Exception {
        LogQueue<String> queue = queue(100, 10);
        offerAndAwaitThatItIsStuck(queue, "first");
        queue.offer("light", 9, false);
        queue.offer("heavy", 2, false);
        reader.permits.release(10);
        LogQueue.Rest<String> _ = queue.close(LONG);
        assertThat(reader.seen()).containsExactly("first", "light", "1 dropped");
    }

    @Test
    void closingGivesUpWhereNothingMovesAndTellsHowMuchIsLost() throws Exception {
        LogQueue<String> queue = queue(10, 100);
        offerAndAwaitThatItIsStuck(queue, "first");
        queue.offer("second", 1, false);
        long begin = System.nanoTime();
        assertThat(queue.close(LONG)).isEqualTo(new LogQueue.Rest<>(List.of("second"), 1));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONG.dividedBy(2));
        reader.permits.release(10);
    }

    @Test
    void errandsAreRunBehindWhatWasHandedInBeforeThem() throws Exception {
        LogQueue<String> queue = queue(2, 100);
        offerAndAwaitThatItIsStuck(queue, "first");
        queue.offer("second", 1, false);
        queue.run(() -> reader.dropped(-1));
        queue.offer("third", 1, false);
        queue.offer("too much", 1, false);
        queue.run(() -> reader.dropped(-2)); // is never too much
        reader.permits.release(10);
        assertThat(queue.close(LONG).count()).isZero();
        assertThat(reader.seen())
                .containsExactly(
                        "first", "second", "-1 dropped", "third", "1 dropped", "-2 dropped");
    }

    @Test
    void flushWaitsForErrandsToo() throws Exception {
        LogQueue<String> queue = queue(2, 100);
        CountDownLatch begun = new CountDownLatch(1);
        Semaphore mayEnd = new Semaphore(0);
        AtomicBoolean done = new AtomicBoolean();
        queue.run(
                () -> {
                    begun.countDown();
                    mayEnd.acquireUninterruptibly();
                    done.set(true);
                });
        begun.await();
        Thread.ofPlatform().start(mayEnd::release);
        assertThat(queue.flush(LONG)).isZero();
        assertThat(done).isTrue();
        assertThat(queue.close(LONG).count()).isZero();
    }

    @Test
    void dropsAreReportedThoughItemsKeepComing() throws Exception {
        LogQueue<String> queue = queue(1, 100);
        offerAndAwaitThatItIsStuck(queue, "first");
        queue.offer("second", 1, false);
        queue.offer("too much", 1, false);
        reader.permits.release();
        reader.entered.acquire();
        queue.offer("third", 1, false);
        reader.permits.release(10);
        assertThat(queue.close(LONG).count()).isZero();
        assertThat(reader.seen()).containsExactly("first", "second", "1 dropped", "third");
    }

    @Test
    void nothingIsLeftAtASecondClose() throws Exception {
        LogQueue<String> queue = queue(10, 100);
        offerAndAwaitThatItIsStuck(queue, "first");
        queue.offer("second", 1, false);
        assertThat(queue.close(LONG).count()).isEqualTo(2);
        assertThat(queue.close(LONG).count()).isZero();
        reader.permits.release(10);
    }

    @Test
    void itemsFromBeforeTheStartWaitForItAndNobodyWaitsForThem() {
        LogQueue<String> queue =
                new LogQueue<>(
                        Thread.ofPlatform().daemon(true).factory(),
                        LogQueue.Bounds.of(10, 10, Duration.ZERO),
                        reader);
        queue.offer("early", 1, false);
        assertThat(queue.flush(LONG)).isEqualTo(1);
        reader.permits.release(10);
        queue.start();
        assertThat(queue.close(LONG).count()).isZero();
        assertThat(reader.seen()).containsExactly("early");
    }

    @Test
    void itemThatCannotBeWrittenAtAllIsCountedAndStopsNothing() {
        List<String> seen = new ArrayList<>();
        CountDownLatch lost = new CountDownLatch(1);
        LogQueue<String> queue =
                LogQueue.started(
                        "test",
                        LogQueue.Bounds.of(10, 10, Duration.ZERO),
                        new LogQueue.Sink<>() {
                            @Override
                            public void write(List<String> batch) {
                                if (batch.contains("bad")) {
                                    throw new IllegalStateException("bad");
                                }
                                seen.addAll(batch);
                            }

                            @Override
                            public void dropped(long count) {
                                lost.countDown();
                            }
                        });
        queue.offer("bad", 1, false);
        assertThat(queue.flush(LONG)).isZero();
        queue.offer("good", 1, false);
        assertThat(queue.close(LONG).count()).isZero();
        assertThat(lost.getCount()).isZero();
        assertThat(seen).containsExactly("good");
    }
}
