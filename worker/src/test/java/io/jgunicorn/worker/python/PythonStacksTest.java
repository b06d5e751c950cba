package io.jgunicorn.worker.python;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ThreadStack.Frame;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.python.ContextOptions;
import io.jgunicorn.python.PythonContexts;
import io.jgunicorn.worker.python.PythonStacks.Told;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Asks a real interpreter, in which one thread computes, one waits and one is in a native call. */
@Timeout(60)
class PythonStacksTest {
    private static final String PROGRAM =
            """
            import os, threading
            stop = False
            end = threading.Event()
            ours, theirs = os.pipe()

            def compute(inside):
                inside.countDown()
                while not stop:
                    pass

            def receive(inside):
                inside.countDown()
                os.read(ours, 1)

            def consume():
                end.wait()

            threading.Thread(target=consume, name="consumer", daemon=True).start()
            """;

    @Test
    void threadsTellWhereTheyAreWhateverTheyDo() throws Exception {
        Context context = PythonContexts.open(ContextOptions.from(Map.of()));
        context.eval(Source.newBuilder("python", PROGRAM, "program.py").build());
        PythonStacks stacks =
                new PythonStacks(
                        context.eval("python", "__import__('importlib').import_module")
                                .execute("jgunicorn.stacks"),
                        (_, task) -> entered(context, task).start(),
                        new ErrorLog(LogFile.stderr(), LogLevel.ERROR, Clock.systemUTC()));
        context.leave();
        CountDownLatch inside = new CountDownLatch(2);
        Thread computing = entered(context, () -> call(context, "compute", inside));
        Thread receiving = entered(context, () -> call(context, "receive", inside));
        computing.start();
        receiving.start();
        inside.await();
        awaitNativeCall(receiving);

        Set<Long> busy = Set.of(computing.threadId(), receiving.threadId());
        Map<Long, Told> all = stacks.all(busy).get();
        for (int i = 0; i < 5 && !tells(all, computing); i++) {
            all = stacks.all(busy).get(); // on a busy machine the time may not be enough
        }
        String stuck =
                Stream.generate(() -> stacks.of(computing))
                        .limit(5) // on a busy machine the time may not be enough
                        .filter(text -> !text.contains("did not answer"))
                        .findFirst()
                        .orElse("no answer");
        String blocked = stacks.of(receiving);
        context.eval("python", "stop = True; end.set(); os.write(theirs, b'x')");
        computing.join();
        receiving.join();
        context.close();

        assertThat(functions(all.get(computing.threadId()))).hasValue(List.of("compute"));
        assertThat(all.get(receiving.threadId()))
                .isEqualTo(new Told(Optional.empty(), Optional.empty()));
        Told consumer =
                all.values().stream()
                        .filter(told -> told.name().equals(Optional.of("consumer")))
                        .findFirst()
                        .orElseThrow();
        assertThat(functions(consumer).orElseThrow()).contains("consume", "wait");
        assertThat(all).as("without the thread that asks").hasSize(3);
        assertThat(stuck).matches("  File \".*program.py\", line \\d+, in compute");
        assertThat(blocked)
                .startsWith("  (Python did not answer")
                .contains("in java.lang.Thread.run");
    }

    @Test
    void questionsThatGetNoTurnInTheInterpreterDoNotAddUp() throws Exception {
        AtomicInteger asking = new AtomicInteger();
        try (Context context = PythonContexts.open(ContextOptions.from(Map.of()))) {
            PythonStacks stacks =
                    new PythonStacks(
                            context.eval("python", "__import__('importlib').import_module")
                                    .execute("jgunicorn.stacks"),
                            (_, _) -> asking.incrementAndGet(),
                            new ErrorLog(LogFile.stderr(), LogLevel.ERROR, Clock.systemUTC()));

            Map<Long, Told> first = stacks.all(Set.of()).get();
            Map<Long, Told> second = stacks.all(Set.of()).get();

            assertThat(first).isEmpty();
            assertThat(second).isEmpty();
        }
        assertThat(asking).hasValue(1);
    }

    private static void call(Context context, String function, CountDownLatch inside) {
        context.getBindings("python").getMember(function).executeVoid(inside);
    }

    private static Thread entered(Context context, Runnable task) {
        Thread thread =
                new Thread(
                        () -> {
                            context.enter();
                            task.run();
                            context.leave();
                        });
        thread.setDaemon(true);
        return thread;
    }

    /** Until then it would answer. */
    private static void awaitNativeCall(Thread thread) {
        while (Arrays.stream(thread.getStackTrace())
                .limit(1)
                .noneMatch(call -> call.getMethodName().equals("executePrimitive"))) {
            Thread.onSpinWait(); // nothing tells when it calls libc
        }
    }

    private static boolean tells(Map<Long, Told> all, Thread thread) {
        Told told = all.get(thread.threadId());
        return told != null && told.frames().isPresent();
    }

    private static Optional<List<String>> functions(Told told) {
        return told.frames().map(frames -> frames.stream().map(Frame::function).toList());
    }
}
