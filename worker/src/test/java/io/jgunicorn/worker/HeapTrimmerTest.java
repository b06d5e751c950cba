package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import java.time.Clock;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HeapTrimmerTest {
    private static final long MB = 1 << 20;

    private final AtomicBoolean compiling = new AtomicBoolean();
    private final AtomicLong heldBytes = new AtomicLong();
    private final Semaphore collections = new Semaphore(0);
    private final HeapTrimmer trimmer =
            new HeapTrimmer(
                    compiling::get,
                    heldBytes::get,
                    this::collect,
                    new ErrorLog(LogFile.stderr(), LogLevel.CRITICAL, Clock.systemUTC()));

    private void collect() {
        heldBytes.set(60 * MB);
        collections.release();
    }

    private void compileFor(long garbageBytes) {
        compiling.set(true);
        trimmer.look();
        heldBytes.addAndGet(garbageBytes);
        compiling.set(false);
    }

    private void awaitCollection() throws InterruptedException {
        while (!collections.tryAcquire(1, TimeUnit.MILLISECONDS)) {
            trimmer.look(); // the time before may still be busy
        }
    }

    @Test
    void collectsOnceWhenTheCompilerComesToRest() throws Exception {
        compileFor(200 * MB);
        awaitCollection();
        trimmer.look();
        assertThat(collections.availablePermits()).isZero();
    }

    @Test
    void collectsAgainAfterMoreHasBeenCompiled() throws Exception {
        compileFor(200 * MB);
        awaitCollection();
        compileFor(50 * MB);
        awaitCollection();
    }

    @Test
    void leavesLittleGarbageAlone() throws Exception {
        compileFor(200 * MB);
        awaitCollection();
        compileFor(1 * MB);
        trimmer.look();
        compileFor(200 * MB);
        awaitCollection();
        assertThat(collections.availablePermits()).isZero();
    }
}
