package io.jgunicorn.worker.warmup;

import java.time.Duration;

/** A clock that stands still until the test moves it. */
final class FakeClock implements ReplayClock {
    private long now = 7_000_000_000L;
    private long cpu = 3_000_000_000L;

    /** So much time passes; the thread runs for part of it. */
    void pass(Duration time, Duration running) {
        now += time.toNanos();
        cpu += running.toNanos();
    }

    void pass(Duration time) {
        pass(time, time);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public long cpuNanos() {
        return cpu;
    }
}
