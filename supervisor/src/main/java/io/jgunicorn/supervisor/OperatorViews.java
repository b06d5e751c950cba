package io.jgunicorn.supervisor;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.supervisor.WorkerState.Serving;
import io.jgunicorn.supervisor.WorkerState.Spare;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The server as operators see it: what changes nothing. Used by the loop's thread only. */
final class OperatorViews {
    private final Plan plan;
    private final WorkerViews workers;
    private final Supplier<Duration> clock;
    private final Supplier<Deployment> newest;
    private int spawned;
    private int reloads;

    /**
     * @param clock time since the start of the master
     * @param newest what new workers are started with
     */
    OperatorViews(
            Plan plan, WorkerViews workers, Supplier<Duration> clock, Supplier<Deployment> newest) {
        this.plan = plan;
        this.workers = workers;
        this.clock = clock;
        this.newest = newest;
    }

    /** Keeps what the answers need. */
    void note(Event event) {
        workers.note(event);
        switch (event) {
            case Event.WorkerStarted _ -> spawned++;
            case Event.Reloaded _ -> reloads++;
            default -> {}
        }
    }

    Map<String, Object> status() {
        long pid = ProcessHandle.current().pid();
        return Answers.members(
                "pid", pid,
                "uptime", Answers.seconds(clock.get()),
                "phase", plan.status().map(told -> told.phase().lowerName()).orElse("starting"),
                "state", plan.status().map(ServiceStatus::text).orElse(""),
                "rss", WorkerViews.megabytes(pid),
                "listeners", ListenerSockets.shown(newest.get().listeners()),
                "serving", count(Serving.class) + " of " + plan.current().target(),
                "spares", count(Spare.class) + " of " + plan.current().spares(),
                "workers", workerViews());
    }

    private long count(Class<? extends WorkerState> state) {
        return plan.workers().stream().filter(worker -> state.isInstance(worker.state())).count();
    }

    Map<String, Object> workers() {
        List<Map<String, Object>> views = workerViews();
        return Answers.members("workers", views, "count", views.size());
    }

    private List<Map<String, Object>> workerViews() {
        return plan.workers().stream().map(workers::view).toList();
    }

    Map<String, Object> processes() {
        List<Map<String, Object>> views = workerViews();
        return Answers.members(
                "arbiter",
                Answers.members(
                        "pid", ProcessHandle.current().pid(), "type", "arbiter", "role", "master"),
                "web_workers",
                views,
                "web_worker_count",
                views.size(),
                "dirty_arbiter",
                null,
                "dirty_workers",
                List.of(),
                "dirty_worker_count",
                0);
    }

    /**
     * @param killed workers that operators have ended
     */
    Map<String, Object> stats(int killed) {
        return Answers.members(
                "uptime",
                Answers.seconds(clock.get()),
                "pid",
                ProcessHandle.current().pid(),
                "workers_current",
                plan.workers().size(),
                "workers_target",
                plan.current().target(),
                "workers_spawned",
                spawned,
                "workers_killed",
                killed,
                "reloads",
                reloads,
                "dirty_arbiter_pid",
                null);
    }

    Map<String, Object> listeners() {
        List<Map<String, Object>> all =
                newest.get().listeners().stream()
                        .map(
                                listener ->
                                        Answers.members(
                                                "address", listener.bound().toString(),
                                                "fd", listener.descriptor().intValue(),
                                                "type", type(listener.bound())))
                        .toList();
        return Answers.members("listeners", all, "count", all.size());
    }

    private static String type(BindAddress address) {
        return switch (address) {
            case BindAddress.UnixSocket _ -> "unix";
            case BindAddress.Tcp tcp -> tcp.host().indexOf(':') >= 0 ? "tcp6" : "tcp";
            case BindAddress.InheritedFd _ -> "fd";
        };
    }

    Map<String, Object> config() {
        return new TreeMap<>(newest.get().config().settings());
    }

    /** There are none of gunicorn's dirty workers here. */
    Map<String, Object> dirty() {
        return Answers.members("enabled", false, "pid", null, "workers", List.of());
    }
}
