package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PythonThreadTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicBoolean spinning = new AtomicBoolean(true);

    private static PythonThread started(Runnable body) {
        PythonThread thread = new PythonThread("python", body);
        thread.start();
        return thread;
    }

    /** Returns when the thread waits; the test's own time limit ends it otherwise. */
    private static void awaitWaiting(PythonThread thread) {
        while (!thread.waits()) {
            Thread.onSpinWait();
        }
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
                            try {
                                release.await();
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        });
        awaitWaiting(thread);
        release.countDown();
        thread.join();
        assertThat(thread.waits()).as("ended").isTrue();
    }

    @Test
    void threadThatReadsFromASocketWaits() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket silent = new Socket(server.getInetAddress(), server.getLocalPort())) {
            PythonThread thread =
                    started(
                            () ->
                                    assertThatCode(() -> silent.getInputStream().read())
                                            .doesNotThrowAnyException());
            awaitWaiting(thread);
            server.accept().getOutputStream().write(1);
            thread.join();
        }
    }

    @Test
    void threadInLineForTheInterpreterDoesNotWait() throws Exception {
        ReentrantLock interpreterLock = new ReentrantLock(true);
        PythonThread thread;
        interpreterLock.lock();
        try {
            thread = started(() -> takeOnce(interpreterLock));
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertThat(thread.waits()).isFalse();
        } finally {
            interpreterLock.unlock();
        }
        thread.join();
    }

    private static void takeOnce(ReentrantLock lock) {
        lock.lock();
        try {
            assertThat(lock.isFair()).isTrue();
        } finally {
            lock.unlock();
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
                        });
        while (thread.waits()) { // a page fault is a wait too, but not for ever
            Thread.onSpinWait();
        }
        spinning.set(false);
        thread.join();
    }

    @Test
    void threadNotYetStartedDoesNotWait() {
        assertThat(new PythonThread("python", () -> {}).waits()).isFalse();
    }
}
