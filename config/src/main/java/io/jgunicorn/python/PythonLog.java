package io.jgunicorn.python;

import io.jgunicorn.log.LogLevel;
import io.jgunicorn.log.LogQueue;
import io.jgunicorn.log.LogTarget;
import io.jgunicorn.log.PlainTarget;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
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
    private static final int MOST_TEXT = 16 << 20;

    /** Handlers of the operator's run on the thread, with whatever they import. */
    private static final long STACK_BYTES = 64L << 20;

    private static final Duration END_TIME = Duration.ofSeconds(2);

    private static final LogQueue.Bounds BOUNDS =
            new LogQueue.Bounds(CAPACITY, MOST_TEXT, BATCH, Duration.ZERO, END_TIME);

    private sealed interface Entry {
        record Line(Instant when, LogLevel level, String text) implements Entry {}

        /** Something else to do with the Logger. */
        record Call(Consumer<Value> call) implements Entry {}

        /** About how much it keeps, in characters. */
        default int weight() {
            return switch (this) {
                case Line line -> line.text().length();
                case Call _ -> 1024; // what is told of a request
            };
        }
    }

    private record Python(Context context, Value logger) {}

    private final PlainTarget plain;
    private final LogQueue<Entry> queue;

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
        ThreadFactory threads =
                Thread.ofPlatform().name(THREAD_NAME).daemon(true).stackSize(STACK_BYTES).factory();
        this.queue =
                new LogQueue<>(
                        threads,
                        BOUNDS,
                        new LogQueue.Sink<>() {
                            @Override
                            public void write(List<Entry> batch) {
                                writeAll(batch);
                            }

                            @Override
                            public void dropped(long count) {
                                writeAll(List.of(droppedReport(count)));
                            }
                        });
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
        queue.start();
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
        queue.offer(entry, entry.weight(), false);
    }

    @Override
    public void raw(String text) {
        plain.raw(text);
    }

    /**
     * Does something with the Logger, in its turn, on the logging thread; dropped by {@link #close}
     * only.
     */
    private void errand(Consumer<Value> errand) {
        queue.run(() -> writeAll(List.of(new Entry.Call(errand))));
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
        long _ = queue.flush(atMost);
    }

    /** Writes what waits, for at most two seconds; what Python has not taken by then, plainly. */
    @Override
    public void close() throws IOException {
        closed = true;
        LogQueue.Rest<Entry> rest = queue.close(END_TIME);
        rest.waiting().forEach(this::writePlainly);
        if (rest.lost() > 0) {
            Entry.Line report = droppedReport(rest.lost());
            plain.write(report.when(), report.level(), report.text());
        }
        plain.close();
    }

    private static Entry.Line droppedReport(long lost) {
        String text = "Log too slow: " + lost + " lines dropped";
        return new Entry.Line(Instant.now(), LogLevel.WARNING, text);
    }

    // ---- on the logging thread -----------------------------------------------------------------

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
            batch.forEach(entry -> write(into.logger(), entry));
        } finally {
            try {
                into.context().leave();
            } finally {
                inUse.unlock();
            }
        }
    }

    private void write(Value logger, Entry entry) {
        try {
            switch (entry) {
                case Entry.Line line -> give(logger, line);
                case Entry.Call(var call) -> call.accept(logger);
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
        if (entry instanceof Entry.Line(Instant when, LogLevel level, String text)
                && level.compareTo(plainThreshold) >= 0) {
            plain.write(when, level, text);
        }
    }
}
