package io.jgunicorn.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code reload_engine = "poll"}: nobody tells of events, it is time four times a second. */
final class PolledSources implements SourceEvents {
    private static final Duration PERIOD = Duration.ofMillis(250);

    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public void watch(Path file) {}

    @Override
    public boolean await(Duration longest) throws InterruptedException {
        Duration wait = longest.compareTo(PERIOD) < 0 ? longest : PERIOD;
        boolean _ = closed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        return false;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
