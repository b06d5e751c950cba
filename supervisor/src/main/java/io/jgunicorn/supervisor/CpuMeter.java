package io.jgunicorn.supervisor;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * How much processor time processes take at present: over the last {@link #INTERVAL} to twice that,
 * or since they are known. Looks at a process once in that time. Used by the loop's thread only.
 */
final class CpuMeter {
    static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Over less time than this nothing can be said. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private record Sample(Duration at, Duration used) {}

    private record Samples(Sample older, Sample newer) {}

    private final LongFunction<Optional<Duration>> used;
    private final Map<Long, Samples> samples = new HashMap<>();

    /**
     * @param used processor time of a process since its start; empty if it is gone
     */
    CpuMeter(LongFunction<Optional<Duration>> used) {
        this.used = used;
    }

    static CpuMeter ofProcesses() {
        return new CpuMeter(
                pid -> ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration()));
    }

    /** Processor time of a process since its start; empty if it is gone. */
    Optional<Duration> used(long pid) {
        return used.apply(pid);
    }

    /** Time passes: called about every second for each process. */
    void look(long pid, Duration now) {
        Samples last = samples.get(pid);
        if (last == null || now.minus(last.newer().at()).compareTo(INTERVAL) >= 0) {
            used.apply(pid)
                    .map(time -> new Sample(now, time))
                    .ifPresent(
                            sample ->
                                    samples.put(
                                            pid,
                                            new Samples(
                                                    last == null ? sample : last.newer(), sample)));
        }
    }

    /** In percent of one core; empty if the process is gone or too new. */
    OptionalLong percent(long pid, Duration now) {
        Samples last = samples.get(pid);
        if (last == null || now.minus(last.older().at()).compareTo(SHORTEST) < 0) {
            return OptionalLong.empty();
        }
        Duration passed = now.minus(last.older().at());
        return used.apply(pid)
                .map(time -> time.minus(last.older().used()))
                .map(time -> OptionalLong.of(Math.round(100.0 * time.toNanos() / passed.toNanos())))
                .orElse(OptionalLong.empty());
    }

    void forget(long pid) {
        samples.remove(pid);
    }
}
