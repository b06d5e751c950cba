package io.jgunicorn.python;

import io.jgunicorn.log.LogLevel;
import io.jgunicorn.log.LogTarget;
import io.jgunicorn.log.PlainTarget;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/**
 * The way of our own lines into Python's logging: any thread hands in a line without waiting, the
 * thread {@value #THREAD_NAME} gives it to the Logger (loggers.py). At most {@value #CAPACITY}
 * lines wait; more are dropped, counted, and reported.
 *
 * <p>Lines from before {@link #attach} wait for it. What Python cannot take, because it never
 * started or has ended or its Logger fails, is written plainly, to {@code errorlog}.
 */
public final class PythonLog implements LogTarget {
    private static final String THREAD_NAME = "jgunicorn-log";
    private static final int CAPACITY = 8192;
    private static final int BATCH = 256;
    private static final long MOST_TEXT = 16L << 20;

    /** Handlers of the operator's run on the thread, with whatever they import. */
    private static final long STACK_BYTES = 64L << 20;

    private static final Duration END_TIME = Duration.ofSeconds(2);

    private sealed interface Entry {
        record Line(Instant when, LogLevel level, String text) implements Entry {}

        /** Something else to do with the Logger. */
        record Call(Consumer<Value> call) implements Entry {}

        /** About how much it keeps, in characters. */
        default long weight() {
            return switch (this) {
                case Line line -> line.text().length();
                case Call _ -> 1024; // what is told of a request
                case Reached _, End _ -> 0;
            };
        }

        record Reached(CountDownLatch latch) implements Entry {}

        record End() implements Entry {}
    }

    private record Python(Context context, Value logger) {}

    private final PlainTarget plain;
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final Queue<Consumer<Value>> errands = new ConcurrentLinkedQueue<>();
    private final LongAdder dropped = new LongAdder();

    /** Length of all texts that wait; bounded by {@link #MOST_TEXT}. */
    private final AtomicLong waitingText = new AtomicLong();

    private final Thread writer;

    /** Held while lines are given to the Logger, and while it is set up. */
    private final ReentrantLock inUse = new ReentrantLock();

    /** The least level that is written plainly. */
    private volatile LogLevel plainThreshold;

    private volatile Consumer<List<String>> filesOpened = _ -> {};

    /** Set once, by {@link #attach}. */
    private volatile Python python;

    private volatile boolean closed;

    /**
     * @param plain for what Python cannot take
     * @param plainThreshold the least level that goes there
     */
    public PythonLog(PlainTarget plain, LogLevel plainThreshold) {
        this.plain = plain;
        this.plainThreshold = plainThreshold;
        this.writer = new Thread(null, this::work, THREAD_NAME, STACK_BYTES);
        writer.setDaemon(true);
    }

    /**
     * Names who is told, on the thread that opened them, which files the handlers write; before
     * {@link #attach}.
     */
    public void onFilesOpened(Consumer<List<String>> told) {
        filesOpened = told;
    }

    /**
     * Python is up: what waits and what comes goes to this Logger. Called once, on a thread entered
     * in the context.
     *
     * @param logger a LoggerSide of loggers.py
     * @return the least level that it takes
     */
    public LogLevel attach(Context context, Value logger) {
        LogLevel least = leastLevel(logger);
        filesOpened.accept(files(logger));
        python = new Python(context, logger);
        writer.start();
        flush(END_TIME);
        return least;
    }

    /**
     * Has the Logger follow other settings, while no line is given to it. On a thread entered in
     * the context.
     *
     * @param setUp changes it
     * @return the least level that it takes then
     */
    LogLevel change(Consumer<Value> setUp) {
        flush(END_TIME);
        boolean alone = false;
        try {
            alone = inUse.tryLock(END_TIME.toNanos(), TimeUnit.NANOSECONDS);
            if (!alone) { // closing a handler would wait for ever for the thread that is in it
                throw new PythonFailure("the log takes nothing, and keeps the settings it has", "");
            }
            Value logger = python.logger();
            setUp.accept(logger);
            filesOpened.accept(files(logger));
            return leastLevel(logger);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return plainThreshold;
        } finally {
            if (alone) {
                inUse.unlock();
            }
        }
    }

    /** What {@link #attach} was given. */
    Value logger() {
        return python.logger();
    }

    private static LogLevel leastLevel(Value logger) {
        return LogLevel.named(logger.invokeMember("level").asString());
    }

    private static List<String> files(Value logger) {
        Value found = logger.invokeMember("files");
        List<String> files = new ArrayList<>();
        for (long i = 0; i < found.getArraySize(); i++) {
            files.add(found.getArrayElement(i).asString());
        }
        return files;
    }

    @Override
    public void write(LogLevel level, String message) {
        Entry.Line line = new Entry.Line(Instant.now(), level, message);
        if (closed) {
            writePlainly(line);
        } else {
            hand(line);
        }
    }

    /** Does something with the Logger, in its turn, on the logging thread; dropped like a line. */
    public void call(Consumer<Value> call) {
        if (!closed) {
            hand(new Entry.Call(call));
        }
    }

    private void hand(Entry entry) {
        long weight = entry.weight();
        if (waitingText.addAndGet(weight) > MOST_TEXT || !queue.offer(entry)) {
            waitingText.addAndGet(-weight);
            dropped.increment();
        }
    }

    @Override
    public void raw(String text) {
        plain.raw(text);
    }

    /** Does something with the Logger, soon, before lines that wait; never dropped. */
    private void errand(Consumer<Value> errand) {
        errands.add(errand);
        boolean _ = queue.offer(new Entry.Call(_ -> {})); // a full queue needs no waking
    }

    @Override
    public void setThreshold(LogLevel level) {
        plainThreshold = level;
        errand(logger -> logger.invokeMember("set_level", level.lowerName()));
    }

    @Override
    public void reopen() throws IOException {
        plain.reopen();
        errand(
                logger -> {
                    String problem = logger.invokeMember("reopen").asString();
                    if (!problem.isEmpty()) {
                        give(logger, new Entry.Line(Instant.now(), LogLevel.ERROR, problem));
                    }
                    filesOpened.accept(files(logger));
                });
    }

    @Override
    public void flush(Duration atMost) {
        if (python == null || closed || Thread.currentThread().equals(writer)) {
            return;
        }
        CountDownLatch reached = new CountDownLatch(1);
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            if (queue.offer(new Entry.Reached(reached), atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                boolean _ = reached.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes what waits, for at most four seconds; what Python has not taken by then, plainly. */
    @Override
    public void close() throws IOException {
        closed = true;
        try {
            if (python != null
                    && queue.offer(new Entry.End(), END_TIME.toNanos(), TimeUnit.NANOSECONDS)) {
                boolean _ = writer.join(END_TIME);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        List<Entry> left = new ArrayList<>();
        queue.drainTo(left);
        left.forEach(this::writePlainly);
        long lost = dropped.sumThenReset();
        if (lost > 0) {
            plain.write(LogLevel.WARNING, droppedReport(lost));
        }
        plain.close();
    }

    // ---- on the logging thread -----------------------------------------------------------------

    private void work() {
        List<Entry> batch = new ArrayList<>(BATCH);
        try {
            do {
                batch.clear();
                batch.add(queue.take());
                queue.drainTo(batch, BATCH - 1);
                writeAll(batch);
            } while (!(batch.getLast() instanceof Entry.End));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Inside the context for these lines only: the runtime has all threads in it stop at times. */
    private void writeAll(List<Entry> batch) {
        Python into = python;
        inUse.lock();
        try {
            into.context().enter();
        } catch (PolyglotException | IllegalStateException _) {
            inUse.unlock();
            batch.forEach(this::writePlainly); // the interpreter has ended
            return;
        }
        try {
            for (var errand = errands.poll(); errand != null; errand = errands.poll()) {
                write(into.logger(), new Entry.Call(errand));
            }
            for (Entry entry : batch) {
                waitingText.addAndGet(-entry.weight());
                write(into.logger(), entry);
            }
            long lost = dropped.sumThenReset();
            if (lost > 0) {
                String text = droppedReport(lost);
                write(into.logger(), new Entry.Line(Instant.now(), LogLevel.WARNING, text));
            }
        } finally {
            try {
                into.context().leave();
            } finally {
                inUse.unlock();
            }
        }
    }

    private static String droppedReport(long lost) {
        return "Log too slow: " + lost + " lines dropped";
    }

    private void write(Value logger, Entry entry) {
        try {
            switch (entry) {
                case Entry.Line line -> give(logger, line);
                case Entry.Call(var call) -> call.accept(logger);
                case Entry.Reached(var latch) -> latch.countDown();
                case Entry.End() -> {}
            }
        } catch (PolyglotException | IllegalStateException _) {
            writePlainly(entry); // the interpreter has ended
        } catch (RuntimeException e) { // ours to mend; the next line is to be written all the same
            writePlainly(entry);
            plain.write(LogLevel.ERROR, "The logger failed: " + e);
        }
    }

    private void give(Value logger, Entry.Line line) {
        double seconds = line.when().toEpochMilli() / 1e3;
        String problem =
                logger.invokeMember("write", line.level().lowerName(), line.text(), seconds)
                        .asString();
        if (!problem.isEmpty()) {
            writePlainly(line);
            plain.write(LogLevel.ERROR, "The logger failed: " + problem);
        }
    }

    private void writePlainly(Entry entry) {
        switch (entry) {
            case Entry.Line(Instant when, LogLevel level, String text) -> {
                if (level.compareTo(plainThreshold) >= 0) {
                    plain.write(when, level, text);
                }
            }
            case Entry.Reached(var latch) -> latch.countDown();
            case Entry.Call _, Entry.End _ -> {}
        }
    }
}
