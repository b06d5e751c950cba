package io.jgunicorn.log;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
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

    private static final int BATCH = 512;

    /** Without progress for so long there is nobody to write for. */
    private static final Duration STALLED = Duration.ofMillis(500);

    /**
     * How much may wait.
     *
     * @param items of them
     * @param weight of all together, in what {@link #offer} counts
     * @param linger how long the thread lets items gather before it writes them, which saves a
     *     switch of threads for each; zero for at once
     */
    public record Bounds(int items, long weight, Duration linger) {}

    /** Where it goes. Called on the queue's thread only. */
    public interface Sink<T> {
        /** Writes what has been handed in, in order; may wait. The list is reused. */
        void write(List<T> batch);

        /** So many items have been lost since the last call, at this place between the others. */
        void dropped(long count);

        /** Nothing will be written any more. */
        default void ended() {}
    }

    private record Entry<T>(T item, int weight) {}

    private final Bounds bounds;
    private final Sink<T> sink;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Condition progress = lock.newCondition();

    // Guarded by lock.
    private final Queue<Entry<T>> waiting = new ArrayDeque<>();
    private final Queue<Runnable> errands = new ArrayDeque<>();
    private long weight;
    private long dropped;
    private long handedIn;
    private long done;
    private boolean idle;
    private boolean closing;
    private boolean ended;

    /**
     * Starts the thread, which does not keep the process alive.
     *
     * @param name of the thread
     */
    public LogQueue(String name, Bounds bounds, Sink<T> sink) {
        this.bounds = bounds;
        this.sink = sink;
        Thread.ofPlatform().name(name).daemon(true).start(this::run);
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
                    || waiting.size() >= bounds.items() * factor
                    || weight + itemWeight > bounds.weight() * factor) {
                dropped++;
                return;
            }
            waiting.add(new Entry<>(item, itemWeight));
            weight += itemWeight;
            handedIn++;
            if (idle || waiting.size() == bounds.items() / 2) {
                wanted.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has the thread do something between two items, soon; never waits. */
    public void run(Runnable errand) {
        lock.lock();
        try {
            errands.add(errand);
            wanted.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until all that has been handed in is written; no longer than {@code atMost}, and no
     * longer than half a second in which nothing is.
     *
     * @return what still waits
     */
    public long flush(Duration atMost) {
        lock.lock();
        try {
            long until = handedIn;
            long left = atMost.toNanos();
            long stalled = STALLED.toNanos();
            while (done < until && !ended && left > 0 && stalled > 0) {
                wanted.signal();
                long before = done;
                long slice = Math.min(left, stalled);
                long rest = progress.awaitNanos(slice);
                left -= slice - rest;
                stalled = done > before ? STALLED.toNanos() : stalled - (slice - rest);
            }
            return until - done;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return handedIn - done;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes what waits, as {@link #flush} does, and ends; what is handed in from now on is
     * dropped.
     *
     * @return what has not been written, with what was dropped and not reported
     */
    public long close(Duration atMost) {
        lock.lock();
        try {
            closing = true;
            wanted.signal();
            flush(atMost);
            ended = true;
            wanted.signal();
            return handedIn - done + dropped;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        List<T> batch = new ArrayList<>(BATCH);
        try {
            while (true) {
                List<Runnable> todo = new ArrayList<>();
                long lost = take(batch, todo);
                if (lost < 0) {
                    return;
                }
                todo.forEach(LogQueue::runSafely);
                if (!batch.isEmpty()) {
                    lost += write(batch);
                }
                long count = lost;
                if (count > 0) {
                    runSafely(() -> sink.dropped(count));
                }
                written(batch.size());
                batch.clear();
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

    /** Waits for something to do; gives how many have been dropped, or -1 at the end. */
    private long take(List<T> batch, List<Runnable> todo) throws InterruptedException {
        lock.lock();
        try {
            if (waiting.isEmpty() && errands.isEmpty() && dropped == 0) {
                idle = true;
                while (waiting.isEmpty() && errands.isEmpty() && dropped == 0 && !ended) {
                    wanted.await();
                }
                idle = false;
            }
            long left = bounds.linger().toNanos();
            while (left > 0 && !closing && !ended && waiting.size() < bounds.items() / 2) {
                left = wanted.awaitNanos(left);
            }
            if (ended) {
                return -1;
            }
            for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
                todo.add(errand);
            }
            while (batch.size() < BATCH && !waiting.isEmpty()) {
                Entry<T> entry = waiting.remove();
                weight -= entry.weight();
                batch.add(entry.item());
            }
            // Those dropped came after all that waited then: they are reported behind these.
            long lost = waiting.isEmpty() ? dropped : 0;
            dropped -= lost;
            return lost;
        } finally {
            lock.unlock();
        }
    }

    private void written(int count) {
        lock.lock();
        try {
            done += count;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
