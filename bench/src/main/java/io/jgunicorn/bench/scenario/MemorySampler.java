package io.jgunicorn.bench.scenario;

import io.jgunicorn.bench.result.CurveRow;
import io.jgunicorn.bench.server.RunningServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at a server's memory once a second, on a thread of its own, until closed. */
final class MemorySampler implements AutoCloseable {
    private final List<CurveRow.MemoryPoint> points = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    task -> Thread.ofPlatform().daemon().name("memory-sampler").unstarted(task));

    MemorySampler(RunningServer server, Instant since) {
        thread.scheduleAtFixedRate(
                () ->
                        points.add(
                                new CurveRow.MemoryPoint(
                                        Duration.between(since, Instant.now()).toMillis() / 1000.0,
                                        server.memory())),
                0,
                1,
                TimeUnit.SECONDS);
    }

    List<CurveRow.MemoryPoint> points() {
        return List.copyOf(points);
    }

    @Override
    public void close() {
        thread.close();
    }
}
