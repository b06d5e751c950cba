package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class HeapTrimmerTest {
    private static final long MB = 1 << 20;

    private boolean compiling;
    private long heldBytes;
    private int collections;
    private boolean refused;

    private final HeapTrimmer trimmer =
            new HeapTrimmer(
                    () -> compiling,
                    () -> heldBytes,
                    this::collect,
                    this::execute,
                    new ErrorLog(LogFile.stderr(), LogLevel.CRITICAL, Clock.systemUTC()));

    private void collect() {
        heldBytes = 60 * MB;
        collections++;
    }

    private void execute(Runnable task) {
        if (refused) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        task.run();
    }

    private void compileAndRest(long garbageBytes) {
        compiling = true;
        trimmer.look();
        heldBytes += garbageBytes;
        compiling = false;
        trimmer.look();
    }

    @Test
    void collectsOnceWhenTheCompilerComesToRest() {
        compileAndRest(200 * MB);
        heldBytes += 200 * MB;
        trimmer.look();
        trimmer.look();
        assertThat(collections).isEqualTo(1);
    }

    @Test
    void leavesTheHeapAloneWhileTheCompilerWorks() {
        compiling = true;
        heldBytes = 300 * MB;
        trimmer.look();
        trimmer.look();
        assertThat(collections).isZero();
    }

    @Test
    void leavesTheHeapAloneWhenNothingWasCompiled() {
        heldBytes = 300 * MB;
        trimmer.look();
        assertThat(collections).isZero();
    }

    @Test
    void collectsAgainAfterMoreHasBeenCompiled() {
        compileAndRest(200 * MB);
        compileAndRest(50 * MB);
        assertThat(collections).isEqualTo(2);
    }

    @Test
    void refusedThreadIsAskedForAgain() {
        refused = true;
        compileAndRest(200 * MB);
        assertThat(collections).isZero();
        refused = false;
        trimmer.look();
        assertThat(collections).isEqualTo(1);
    }

    @Test
    void littleGarbageIsNotWorthAPause() {
        compileAndRest(200 * MB);
        compileAndRest(29 * MB); // less than half of what is left
        assertThat(collections).isEqualTo(1);
    }
}
