package io.jgunicorn.worker;

import io.jgunicorn.control.ThreadStack;
import io.jgunicorn.control.ThreadStack.Inside;
import io.jgunicorn.control.ThreadStack.Trace;
import io.jgunicorn.http.Exchange;
import io.jgunicorn.http.RequestHead;
import io.jgunicorn.worker.python.PythonStacks;
import io.jgunicorn.worker.python.PythonStacks.Told;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where the threads of this worker are that run Python: those that serve requests, then those the
 * application has started. Stateless, any thread.
 */
final class ThreadReport {
    /** GraalPy starts the threads of {@code threading} in this group. */
    private static final String THREADS_OF_PYTHON = "GRAALPYTHON_THREADS";

    private static final Told NOTHING = new Told(Optional.empty(), Optional.empty());

    private ThreadReport() {}

    /**
     * Those that have something to do, so that they can tell where they are: the request each is
     * inside of, by the number of the thread.
     */
    static Map<Long, Optional<Exchange>> busy(Collection<Thread> threads) {
        return threads.stream()
                .filter(thread -> thread instanceof PythonThread python && python.isAwake())
                .collect(
                        Collectors.toMap(
                                Thread::threadId,
                                thread -> Optional.ofNullable(((PythonThread) thread).current())));
    }

    /**
     * Brings together what Java knows and what Python has told.
     *
     * @param threads of the process
     * @param before who was busy when Python was asked: a request is only shown with the calls that
     *     were read while it ran
     * @param told by number of the thread
     */
    static List<ThreadStack> of(
            Collection<Thread> threads,
            Map<Long, Optional<Exchange>> before,
            Map<Long, Told> told) {
        return threads.stream()
                .filter(thread -> runsPython(thread) || told.containsKey(thread.threadId()))
                .sorted(
                        Comparator.comparingInt(ThreadReport::rank)
                                .thenComparingLong(Thread::threadId))
                .map(
                        thread ->
                                stack(
                                        thread,
                                        before.getOrDefault(thread.threadId(), Optional.empty()),
                                        told.getOrDefault(thread.threadId(), NOTHING)))
                .toList();
    }

    /** Those that serve requests come first. */
    private static int rank(Thread thread) {
        return thread instanceof PythonThread ? 0 : 1;
    }

    private static boolean runsPython(Thread thread) {
        ThreadGroup group = thread.getThreadGroup(); // null once the thread has ended
        return thread instanceof PythonThread
                || (group != null && group.getName().equals(THREADS_OF_PYTHON));
    }

    private static ThreadStack stack(Thread thread, Optional<Exchange> before, Told told) {
        Optional<Inside> inside = Optional.empty();
        boolean waitsForWork = false;
        if (thread instanceof PythonThread python) {
            inside = before.flatMap(exchange -> inside(python, exchange));
            waitsForWork = !python.isAwake();
        }
        return new ThreadStack(
                told.name().orElse(thread.getName()),
                thread.getState().name(),
                inside,
                waitsForWork ? Trace.of(true, List.of()) : trace(thread, told));
    }

    private static Trace trace(Thread thread, Told told) {
        return told.frames()
                .map(frames -> Trace.of(true, frames))
                .orElseGet(() -> Trace.of(false, PythonStacks.javaFrames(thread)));
    }

    private static Optional<Inside> inside(PythonThread thread, Exchange before) {
        Exchange exchange = thread.current();
        if (!before.equals(exchange)) {
            return Optional.empty();
        }
        RequestHead request = exchange.request();
        return Optional.of(
                new Inside(
                        request.method() + " " + request.target(),
                        thread.nanosInside(System.nanoTime()) / 1e9));
    }

    /** All threads of the process. */
    static List<Thread> threads() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        // Only an estimate: what does not fit would be left out silently.
        Thread[] all = new Thread[2 * root.activeCount() + 64];
        int count = root.enumerate(all, true);
        return new ArrayList<>(Arrays.asList(all).subList(0, count));
    }
}
