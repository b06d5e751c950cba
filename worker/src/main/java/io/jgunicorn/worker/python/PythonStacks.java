package io.jgunicorn.worker.python;

import io.jgunicorn.control.ThreadStack.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;

/**
 * Asks Python where its threads are (stacks.py). Every question is put on a thread of its own,
 * which may never get its turn: a thread that holds the interpreter's lock in native code does not
 * let go. Any thread may ask.
 */
public final class PythonStacks {
    /**
     * How long a thread that is stuck may take to tell its stack, and as long again the asking
     * thread to get its turn in the interpreter.
     */
    private static final Duration STUCK_GRACE = Duration.ofSeconds(5);

    /** The same for all threads, while an operator waits. */
    private static final Duration OPERATOR_GRACE = Duration.ofSeconds(2);

    private final Value ofThread;
    private final Value ofThreads;
    private final BiConsumer<String, Runnable> background;

    /** The question about all threads that was put last. */
    private CompletableFuture<Map<Long, Told>> asked = CompletableFuture.completedFuture(Map.of());

    /**
     * @param module stacks.py
     * @param background runs a task on a fresh thread of this name, entered in the context
     */
    PythonStacks(Value module, BiConsumer<String, Runnable> background) {
        this.ofThread = module.getMember("of_thread");
        this.ofThreads = module.getMember("of_threads");
        this.background = background;
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
     * missing. Empty when Python itself does not answer for 4 seconds.
     *
     * @param busy threads to be waited for, beside those that the application has started
     */
    public CompletableFuture<Map<Long, Told>> all(Set<Long> busy) {
        return ask(busy)
                .copy()
                .completeOnTimeout(Map.of(), 2 * OPERATOR_GRACE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized CompletableFuture<Map<Long, Told>> ask(Set<Long> busy) {
        if (asked.isDone()) { // else it may be stuck, and more of them would not help
            CompletableFuture<Map<Long, Told>> answer = new CompletableFuture<>();
            asked = answer;
            background.accept(
                    "stacks",
                    () -> {
                        try {
                            answer.complete(
                                    read(
                                            ofThreads.execute(
                                                    ProxyArray.fromList(List.copyOf(busy)),
                                                    OPERATOR_GRACE.toSeconds())));
                        } finally {
                            answer.complete(Map.of()); // it failed: nobody needs to wait
                        }
                    });
        }
        return asked;
    }

    private static Map<Long, Told> read(Value threads) {
        Map<Long, Told> all = new HashMap<>();
        for (long i = 0; i < threads.getArraySize(); i++) {
            Value thread = threads.getArrayElement(i);
            Value name = thread.getArrayElement(1);
            Value frames = thread.getArrayElement(2);
            all.put(
                    thread.getArrayElement(0).asLong(),
                    new Told(
                            name.isNull() ? Optional.empty() : Optional.of(name.asString()),
                            frames.isNull() ? Optional.empty() : Optional.of(frames(frames))));
        }
        return all;
    }

    private static List<Frame> frames(Value frames) {
        List<Frame> all = new ArrayList<>();
        for (long i = 0; i < frames.getArraySize(); i++) {
            Value frame = frames.getArrayElement(i);
            all.add(
                    new Frame(
                            frame.getArrayElement(0).asString(),
                            frame.getArrayElement(1).asInt(),
                            frame.getArrayElement(2).asString()));
        }
        return all;
    }

    /**
     * The Python stack of a thread as text, outermost call first. Called on a thread of its own;
     * waits at most twice {@link #STUCK_GRACE}. When Python cannot tell, because the thread sits in
     * a native call, says so and gives the Java side of it.
     */
    public String of(Thread thread) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        background.accept(
                "stack-of-" + thread.getName(),
                () -> {
                    try {
                        answer.complete(
                                ofThread.execute(thread.threadId(), STUCK_GRACE.toSeconds())
                                        .asString());
                    } finally {
                        answer.complete(""); // it failed: nobody needs to wait
                    }
                });
        String stack = "";
        try {
            stack = answer.get(2 * STUCK_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            stack = "";
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return stack.isEmpty() ? javaText(thread) : stack;
    }

    private static String javaText(Thread thread) {
        StringBuilder text =
                new StringBuilder(
                        "  (Python did not answer, as in a native call; the Java side of it:)");
        javaCalls(thread).forEach(call -> text.append("\n  at ").append(call));
        return text.toString();
    }

    /** The Java side of a thread, innermost last, without the interpreter's own calls. */
    public static List<Frame> javaFrames(Thread thread) {
        return javaCalls(thread).reversed().stream()
                .map(
                        call ->
                                new Frame(
                                        Optional.ofNullable(call.getFileName()).orElse("?"),
                                        Math.max(0, call.getLineNumber()),
                                        call.getClassName() + "." + call.getMethodName()))
                .toList();
    }

    private static List<StackTraceElement> javaCalls(Thread thread) {
        return List.of(thread.getStackTrace()).stream()
                .filter(
                        call ->
                                !call.getClassName().startsWith("com.oracle.")
                                        && !call.getClassName().startsWith("org.graalvm."))
                .toList();
    }
}
