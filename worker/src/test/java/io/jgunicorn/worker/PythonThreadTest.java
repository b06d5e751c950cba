package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.python.ContextOptions;
import io.jgunicorn.python.PythonContexts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.graalvm.polyglot.Context;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PythonThreadTest {
    private static final int SAMPLES = 200;

    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicBoolean spinning = new AtomicBoolean(true);
    private final CompletableFuture<Object> outcome = new CompletableFuture<>();

    /** A thread that says when it has begun, and at the end what became of it. */
    private PythonThread started(Callable<?> body) throws InterruptedException {
        PythonThread thread =
                new PythonThread(
                        "python",
                        () -> {
                            inside.countDown();
                            try {
                                outcome.complete(body.call());
                            } catch (Exception | AssertionError e) {
                                outcome.completeExceptionally(e);
                            }
                        });
        thread.start();
        inside.await();
        return thread;
    }

    /** Returns when the thread waits for good; the test's own time limit ends it otherwise. */
    private static void awaitWaiting(PythonThread thread) {
        int inARow = 0;
        while (inARow < SAMPLES) {
            inARow = thread.waits() ? inARow + 1 : 0;
        }
    }

    /** In how many of {@link #SAMPLES} looks the thread waited. */
    private static int looksThatFindItWaiting(PythonThread thread) {
        int found = 0;
        for (int i = 0; i < SAMPLES; i++) {
            found += thread.waits() ? 1 : 0;
        }
        return found;
    }

    @AfterEach
    void end() {
        release.countDown();
        spinning.set(false);
    }

    @Test
    void threadBehindALockOfTheApplicationWaits() throws Exception {
        PythonThread thread =
                started(
                        () -> {
                            release.await();
                            return "released";
                        });
        awaitWaiting(thread);
        release.countDown();
        assertThat(outcome.get()).isEqualTo("released");
    }

    @Test
    void threadThatReadsFromASocketWaits() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket silent = new Socket(server.getInetAddress(), server.getLocalPort())) {
            PythonThread thread = started(() -> silent.getInputStream().read());
            awaitWaiting(thread);
            server.accept().getOutputStream().write(1);
            assertThat(outcome.get()).isEqualTo(1);
        }
    }

    @Test
    void threadThatComputesDoesNotWait() throws Exception {
        PythonThread thread =
                started(
                        () -> {
                            while (spinning.get()) {
                                Thread.onSpinWait();
                            }
                            return "done";
                        });
        // A page fault is a wait too, but not for long.
        assertThat(looksThatFindItWaiting(thread)).isLessThan(SAMPLES / 4);
        spinning.set(false);
        assertThat(outcome.get()).isEqualTo("done");
    }

    /** What the dispatcher relies on is GraalPy's own lock, so it is GraalPy that is asked. */
    @Test
    void threadInLineForTheInterpreterDoesNotWait() throws Exception {
        CompletableFuture<Context> opened = new CompletableFuture<>();
        PythonThread first =
                new PythonThread(
                        "first",
                        () -> {
                            Context context = PythonContexts.open(ContextOptions.from(Map.of()));
                            context.eval("python", "stop = False");
                            opened.complete(context);
                            computeUntilStopped(context);
                        });
        first.start();
        Context context = opened.get();
        PythonThread second =
                started(
                        () -> {
                            context.enter();
                            computeUntilStopped(context);
                            return "stopped";
                        });
        // Both compute, so at any time one has the lock and the other is in line.
        int inLine = 0;
        int called = 0;
        while (inLine < SAMPLES) {
            boolean waits = second.waits();
            if (second.getState() == Thread.State.WAITING) {
                inLine++;
                called += waits ? 1 : 0;
            }
        }
        context.getBindings("python").putMember("stop", true);
        assertThat(outcome.get()).isEqualTo("stopped");
        first.join();
        context.close();
        assertThat(called).isLessThan(SAMPLES / 4);
    }

    private static void computeUntilStopped(Context context) {
        context.eval("python", "while not stop: pass");
        context.leave();
    }

    @Test
    void threadNotYetStartedDoesNotWait() {
        assertThat(new PythonThread("python", () -> {}).waits()).isFalse();
    }
}
