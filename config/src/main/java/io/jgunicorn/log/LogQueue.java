package io.jgunicorn.log;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is to be logged, in order, on its way to a thread that may wait for a disk or a reader:
 * those who hand it in never do. What is too much is dropped, counted and reported. Safe on any
 * thread.
 *
 * @param <T> what is handed in
 */
public final class LogQueue<T> {
    /** Urgent items may take so many times as much as others. */
    private static final int URGENT_FACTOR = 2;

    /**
     * How much may wait, and for how long.
     *
     * @param items of them
     * @param weight of all together, in what {@link #offer} counts
     * @param batch how many items the sink is handed at most at once
     * @param linger how long the thread lets items gather before it writes them, which saves a
     *     switch of threads for each; zero for at once
     * @param patience a sink that takes longer for a batch is not waited for at a flush
     */
    public record Bounds(int items, long weight, int batch, Duration linger, Duration patience) {
        private static final int BATCH = 512;
        private static final Duration PATIENCE = Duration.ofMillis(500);

        /** For a sink that is one call of the system. */
        public static Bounds of(int items, long weight, Duration linger) {
            return new Bounds(items, weight, BATCH, linger, PATIENCE);
        }
    }

    /** Where it goes. Called on the queue's thread only. */
    public interface Sink<T> {
        /** Writes what has been handed in, in order; may wait. The list is reused. */
        void write(List<T> batch);

        /** So many items have been lost since the last call, at this place between the others. */
        void dropped(long count);

        /** Nothing will be written any more. */
        default void ended() {}
    }

    /**
     * What was not written.
     *
     * @param waiting in order
     * @param lost how many more: dropped and not reported, or in the hands of a sink that is stuck
     *     and may have written some of them
     */
    public record Rest<T>(List<T> waiting, long lost) {
        /** How many. */
        public long count() {
            return waiting.size() + lost;
        }
    }

    private sealed interface Entry<T> {
        record Item<T>(T item, int weight) implements Entry<T> {}

        record Errand<T>(Runnable deed) implements Entry<T> {}
    }

    private final Bounds bounds;
    private final Sink<T> sink;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Condition progress = lock.newCondition();

    // Guarded by lock.
    private final Deque<Entry<T>> waiting = new ArrayDeque<>();
    private int items;
    private long weight;
    private long dropped;
    private int inHands; // of the sink
    private long handedIn; // items and errands
    private long done; // of those
    private boolean idle;
    private boolean closing;
    private boolean ended;

    /** Of the thread: how many are to be reported behind the batch. */
    private long lost;

    /**
     * Makes a queue that takes items and keeps them until {@link #start}.
     *
     * @param threads makes the thread that writes
     */
    public LogQueue(ThreadFactory threads, Bounds bounds, Sink<T> sink) {
        this.bounds = bounds;
        this.sink = sink;
        this.thread = threads.newThread(this::run);
    }

    /**
     * Makes a queue and starts its thread, which does not keep the process alive.
     *
     * @param name of the thread
     */
    public static <T> LogQueue<T> started(String name, Bounds bounds, Sink<T> sink) {
        ThreadFactory threads = Thread.ofPlatform().name(name).daemon(true).factory();
        LogQueue<T> queue = new LogQueue<>(threads, bounds, sink);
        queue.start();
        return queue;
    }

    /** Starts to write; once. */
    public void start() {
        thread.start();
    }

    /**
     * Hands in an item; never waits.
     *
     * @param urgent it is kept where others would be dropped already
     */
    public void offer(T item, int itemWeight, boolean urgent) {
        lock.lock();
        try {
            int factor = urgent ? URGENT_FACTOR : 1;
            if (ended
                    || items >= bounds.items() * factor
                    || weight + itemWeight > bounds.weight() * factor) {
                dropped++;
                return;
            }
            waiting.add(new Entry.Item<>(item, itemWeight));
            items++;
            weight += itemWeight;
            handedIn++;
            if (idle || items == bounds.items() / 2) {
                wanted.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has the thread do something behind what has been handed in so far; never waits, and is never
     * dropped but by {@link #close}.
     */
    public void run(Runnable errand) {
        lock.lock();
        try {
            if (!ended) {
                waiting.add(new Entry.Errand<>(errand));
                handedIn++;
                wanted.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until all that has been handed in is written, and the errands are run; no longer than
     * {@code atMost}, and no longer than the sink is given for a batch. Not at all before the
     * start, or on the thread that writes.
     *
     * @return how many items and errands are left
     */
    public long flush(Duration atMost) {
        lock.lock();
        try {
            long until = handedIn;
            long left = canWait() ? atMost.toNanos() : 0;
            long stalled = bounds.patience().toNanos();
            while (done < until && !ended && left > 0 && stalled > 0) {
                wanted.signal();
                long before = done;
                long slice = Math.min(left, stalled);
                long rest = progress.awaitNanos(slice);
                left -= slice - rest;
                stalled = done > before ? bounds.patience().toNanos() : stalled - (slice - rest);
            }
            return until - done;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return handedIn - done;
        } finally {
            lock.unlock();
        }
    }

    private boolean canWait() {
        return thread.isAlive() && !Thread.currentThread().equals(thread);
    }

    /**
     * Writes what waits, as {@link #flush} does, and ends; what is handed in from now on is
     * dropped. Empty at a second call.
     */
    public Rest<T> close(Duration atMost) {
        lock.lock();
        try {
            if (ended) {
                return new Rest<>(List.of(), 0);
            }
            closing = true;
            wanted.signal();
            flush(atMost);
            ended = true;
            wanted.signal();
            List<T> rest = new ArrayList<>();
            for (Entry<T> entry : waiting) {
                if (entry instanceof Entry.Item<T>(T item, int _)) {
                    rest.add(item);
                }
            }
            waiting.clear();
            return new Rest<>(rest, inHands + dropped);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        List<T> batch = new ArrayList<>(bounds.batch());
        try {
            while (take(batch)) {
                lost += batch.isEmpty() ? 0 : write(batch);
                if (lost > 0) {
                    runSafely(() -> sink.dropped(lost));
                }
                done(batch.size());
                batch.clear();
                List<Runnable> errands = errands();
                errands.forEach(LogQueue::runSafely);
                done(errands.size());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            sink.ended();
        }
    }

    /** Whatever goes wrong, the next items are to be written. */
    private static void runSafely(Runnable errand) {
        try {
            errand.run();
        } catch (RuntimeException | OutOfMemoryError _) {
            return; // there is no better place to say so than the log that has just failed
        }
    }

    /** Gives how many are lost because they cannot be written at all, whatever is wrong. */
    private int write(List<T> batch) {
        try {
            sink.write(batch);
            return 0;
        } catch (RuntimeException | OutOfMemoryError _) {
            return batch.size(); // the next ones may do better
        }
    }

    /** Waits for something to do; false at the end. */
    private boolean take(List<T> batch) throws InterruptedException {
        lock.lock();
        try {
            if (waiting.isEmpty() && dropped == 0) {
                idle = true;
                while (waiting.isEmpty() && dropped == 0 && !ended) {
                    wanted.await();
                }
                idle = false;
            }
            long left = bounds.linger().toNanos();
            while (left > 0 && !closing && !ended && items < bounds.items() / 2) {
                left = wanted.awaitNanos(left);
            }
            while (batch.size() < bounds.batch()
                    && waiting.peek() instanceof Entry.Item<T>(T item, int itemWeight)) {
                waiting.remove();
                items--;
                weight -= itemWeight;
                batch.add(item);
            }
            inHands = batch.size();
            // Those dropped came after all that waited then: they are reported behind these.
            lost = items == 0 && !ended ? dropped : 0;
            dropped -= lost;
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    /** Those whose turn it is. */
    private List<Runnable> errands() {
        List<Runnable> next = new ArrayList<>();
        lock.lock();
        try {
            while (waiting.peek() instanceof Entry.Errand<T>(Runnable deed)) {
                waiting.remove();
                next.add(deed);
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void done(int count) {
        lock.lock();
        try {
            inHands = 0;
            done += count;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
