package io.jgunicorn.supervisor;

import io.jgunicorn.control.ControlMessage.Heartbeat;
import io.jgunicorn.os.ResidentMemory;
import io.jgunicorn.supervisor.WorkerState.Aborted;
import io.jgunicorn.supervisor.WorkerState.Blank;
import io.jgunicorn.supervisor.WorkerState.BootFailing;
import io.jgunicorn.supervisor.WorkerState.Booting;
import io.jgunicorn.supervisor.WorkerState.Draining;
import io.jgunicorn.supervisor.WorkerState.Expired;
import io.jgunicorn.supervisor.WorkerState.Killed;
import io.jgunicorn.supervisor.WorkerState.Serving;
import io.jgunicorn.supervisor.WorkerState.Spare;
import io.jgunicorn.supervisor.WorkerState.Unlinked;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Each worker as operators see it. Used by the loop's thread only. */
final class WorkerViews {

    /**
     * What a worker said last.
     *
     * @param lastRequest when a heartbeat last told of a request that the one before did not know
     */
    private record Sign(Heartbeat heartbeat, Optional<Duration> lastRequest) {}

    private final Supplier<Duration> clock;
    private final CpuMeter cpu;
    private final Map<Long, Sign> signs = new HashMap<>();

    /**
     * @param clock time since the start of the master
     */
    WorkerViews(Supplier<Duration> clock, CpuMeter cpu) {
        this.clock = clock;
        this.cpu = cpu;
    }

    /** Keeps what the views need. */
    void note(Event event) {
        switch (event) {
            case Event.MessageFrom(long pid, Heartbeat heartbeat) -> {
                cpu.look(pid, clock.get());
                signs.put(pid, new Sign(heartbeat, lastRequest(signs.get(pid), heartbeat)));
            }
            case Event.WorkerExited(long pid, _, _) -> {
                cpu.forget(pid);
                signs.remove(pid);
            }
            default -> {}
        }
    }

    private Optional<Duration> lastRequest(Sign before, Heartbeat heartbeat) {
        long known = before == null ? 0 : before.heartbeat().requests();
        if (heartbeat.requests() > known) {
            return Optional.of(clock.get());
        }
        return before == null ? Optional.empty() : before.lastRequest();
    }

    Map<String, Object> view(WorkerHandle worker) {
        boolean booted = !worker.blank() && !worker.booting() && worker.bootFailure().isEmpty();
        Optional<Sign> last = Optional.ofNullable(signs.get(worker.pid()));
        Optional<Heartbeat> heartbeat = last.map(Sign::heartbeat);
        Duration now = clock.get();
        OptionalLong percent = cpu.percent(worker.pid(), now);
        return Answers.members(
                "pid", worker.pid(),
                "age", worker.age(),
                "state", name(worker),
                "booted", booted,
                "aborted", worker.state() instanceof Aborted,
                "last_heartbeat", Answers.seconds(worker.silence(now)),
                "requests", heartbeat.map(Heartbeat::requests).orElse(null),
                "last_request",
                        last.flatMap(Sign::lastRequest)
                                .map(at -> Answers.seconds(now.minus(at)))
                                .orElse(null),
                "busy_threads", heartbeat.map(Heartbeat::busyThreads).orElse(null),
                "connections", heartbeat.map(Heartbeat::connections).orElse(null),
                "rss", megabytes(worker.pid()),
                "cpu_percent", percent.isPresent() ? percent.getAsLong() : null,
                "cpu_seconds", cpu.used(worker.pid()).map(Answers::seconds).orElse(null));
    }

    /** Where it is in its life, in words. */
    static String name(WorkerHandle worker) {
        return switch (worker.state()) {
            case Blank() -> "prepared";
            case Booting() -> "booting";
            case Spare(_) -> "spare";
            case Serving(boolean asksOut) -> asksOut ? "serving, to be replaced" : "serving";
            case Draining(_, _) -> "draining";
            case Expired(_) -> "timed out";
            case Aborted(_) -> "silent";
            case Unlinked(_) -> "lost";
            case BootFailing(_, _, _) -> "failing to boot";
            case Killed(_, _) -> "killed";
        };
    }

    /** For example {@code 312 MB}; null for a process that is gone. */
    static String megabytes(long pid) {
        OptionalLong bytes = ResidentMemory.of(pid);
        return bytes.isEmpty() ? null : (bytes.getAsLong() >> 20) + " MB";
    }
}
