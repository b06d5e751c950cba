package io.jgunicorn.worker.python;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jgunicorn.control.ThreadStack.Frame;
import io.jgunicorn.log.ErrorLog;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.graalvm.polyglot.Value;

/**
 * Asks Python where its threads are (stacks.py). A question is put on a thread of its own, which
 * may never get its turn: a thread that holds the interpreter's lock in native code does not let
 * go. Any thread may ask.
 */
public final class PythonStacks {
    /**
     * How long a thread that is stuck may take to tell its stack, and as long again the asking
     * thread to get its turn in the interpreter.
     */
    private static final Duration STUCK_GRACE = Duration.ofSeconds(5);

    /** The same for all threads, while an operator waits. */
    private static final Duration OPERATOR_GRACE = Duration.ofSeconds(2);

    /** How often to look what has been written; nothing tells. */
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Value ask;
    private final BiConsumer<String, Runnable> background;
    private final ErrorLog log;

    /** Made for the first question; most workers are never asked. */
    @GuardedBy("this")
    private StackDump dump;

    /** The operator's question that was put last. */
    @GuardedBy("this")
    private CompletableFuture<Map<Long, Told>> asked = CompletableFuture.completedFuture(Map.of());

    /** What the thread that asks in Python, and may still wait for its turn, is going to say. */
    @GuardedBy("this")
    private CompletableFuture<Optional<Names>> waiting =
            CompletableFuture.completedFuture(Optional.empty());

    /**
     * @param module stacks.py
     * @param background runs a task on a fresh thread of this name, entered in the context
     */
    PythonStacks(Value module, BiConsumer<String, Runnable> background, ErrorLog log) {
        this.ask = module.getMember("ask");
        this.background = background;
        this.log = log;
    }

    /**
     * What Python knows of a thread.
     *
     * @param name empty unless the application has started the thread
     * @param frames innermost last; empty if the thread did not answer
     */
    public record Told(Optional<String> name, Optional<List<Frame>> frames) {}

    /**
     * Where Python's threads are, by the number of the Java thread; those without a task may be
     * missing. Empty when Python itself does not answer; known after 4 seconds at most.
     *
     * @param busy threads to be waited for, beside those that the application has started
     */
    public synchronized CompletableFuture<Map<Long, Told>> all(Set<Long> busy) {
        if (asked.isDone()) { // else another operator gets the same answer
            CompletableFuture<Map<Long, Told>> answer = new CompletableFuture<>();
            asked = answer;
            try {
                Thread.ofPlatform().daemon().name("stacks").start(() -> answer(answer, busy));
            } catch (OutOfMemoryError e) { // what the JVM throws where no thread can be started
                answer.completeExceptionally(e);
            }
        }
        return asked;
    }

    /** Completes the answer in any case: the next question waits for that. */
    private void answer(CompletableFuture<Map<Long, Told>> answer, Set<Long> busy) {
        try {
            answer.complete(told(busy, OPERATOR_GRACE));
        } finally {
            answer.completeExceptionally(new IllegalStateException("no stacks"));
        }
    }

    /**
     * The Python stack of a thread as text, outermost call first. Called on a thread of its own;
     * waits at most twice {@link #STUCK_GRACE}. When Python cannot tell, because the thread sits in
     * a native call, says so and gives the Java side of it.
     */
    public String of(Thread thread) {
        long number = thread.threadId();
        List<Frame> frames =
                Optional.ofNullable(told(Set.of(number), STUCK_GRACE).get(number))
                        .flatMap(Told::frames)
                        .orElse(List.of());
        return frames.isEmpty()
                ? "  (Python did not answer, as in a native call; the Java side of it:)\n"
                        + text(javaFrames(thread))
                : text(frames);
    }

    private static String text(List<Frame> frames) {
        return frames.stream()
                .map(
                        frame ->
                                "  File \"%s\", line %d, in %s"
                                        .formatted(frame.file(), frame.line(), frame.function()))
                .collect(Collectors.joining("\n"));
    }

    /** Asks, and waits so long for Python and as long again for its threads. */
    private Map<Long, Told> told(Set<Long> wanted, Duration grace) {
        try (StackDump.Reader reader = dump().read()) {
            Optional<Names> names = ask(grace);
            return names.isEmpty() ? Map.of() : collected(names.get(), wanted, reader, grace);
        } catch (IOException e) {
            log.error("Can't read Python's stacks: " + e.getMessage());
            return Map.of();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    private synchronized StackDump dump() throws IOException {
        if (dump == null) {
            dump = StackDump.create();
        }
        return dump;
    }

    /**
     * Who is there.
     *
     * @param asker the thread that asked
     * @param names of the threads that the application has started, by number
     */
    private record Names(long asker, Map<Long, String> names) {}

    private Optional<Names> ask(Duration grace) throws InterruptedException, IOException {
        try {
            return question().get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            return Optional.empty();
        }
    }

    /**
     * Puts the question, unless the last one still waits for its turn: what that brings is as good,
     * and threads that may never get their turn do not add up.
     */
    private synchronized CompletableFuture<Optional<Names>> question() throws IOException {
        if (!waiting.isDone()) {
            return waiting;
        }
        int descriptor = dump().descriptor();
        CompletableFuture<Optional<Names>> answer = new CompletableFuture<>();
        background.accept(
                "asks-for-stacks",
                () -> {
                    try {
                        String names = ask.execute(descriptor).asString();
                        long asker = Thread.currentThread().threadId();
                        answer.complete(Optional.of(new Names(asker, names(names))));
                    } finally {
                        answer.complete(Optional.empty()); // it failed: nobody needs to wait
                    }
                });
        waiting = answer;
        return answer;
    }

    private static Map<Long, String> names(String lines) {
        return lines.lines()
                .map(line -> line.split(" ", 2))
                .collect(Collectors.toMap(parts -> Long.valueOf(parts[0]), parts -> parts[1]));
    }

    private static Map<Long, Told> collected(
            Names names, Set<Long> wanted, StackDump.Reader reader, Duration grace)
            throws IOException {
        Set<Long> awaited = new HashSet<>(wanted);
        awaited.addAll(names.names().keySet());
        long deadline = System.nanoTime() + grace.toNanos();
        Map<Long, List<List<Frame>>> stacks = reader.stacks();
        while (!areComplete(stacks, awaited) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK.toNanos());
            stacks = reader.stacks();
        }
        awaited.addAll(stacks.keySet());
        awaited.remove(names.asker());
        Map<Long, Told> told = new HashMap<>();
        for (long number : awaited) {
            told.put(
                    number,
                    new Told(
                            Optional.ofNullable(names.names().get(number)),
                            Optional.ofNullable(stacks.get(number)).map(List::getFirst)));
        }
        return told;
    }

    /** Each writes its stack twice: when it has begun the second, the first is complete. */
    private static boolean areComplete(Map<Long, List<List<Frame>>> stacks, Set<Long> awaited) {
        return awaited.stream()
                .allMatch(number -> stacks.getOrDefault(number, List.of()).size() > 1);
    }

    /** The Java side of a thread, innermost last, without the interpreter's own calls. */
    public static List<Frame> javaFrames(Thread thread) {
        return List.of(thread.getStackTrace()).reversed().stream()
                .filter(
                        call ->
                                !call.getClassName().startsWith("com.oracle.")
                                        && !call.getClassName().startsWith("org.graalvm."))
                .map(
                        call ->
                                new Frame(
                                        Optional.ofNullable(call.getFileName()).orElse("?"),
                                        Math.max(0, call.getLineNumber()),
                                        call.getClassName() + "." + call.getMethodName()))
                .toList();
    }
}
