package io.jgunicorn.supervisor;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.control.ControlMessage.Heartbeat;
import io.jgunicorn.os.ResidentMemory;
import io.jgunicorn.os.Signal;
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
import io.jgunicorn.supervisor.ctl.CtlCall;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What operators can ask over the control socket: the commands and answers of gunicorn's {@code
 * gunicornc}, with more said of each worker, and {@code status}. Used by the loop's thread only.
 */
final class OperatorCommands {
    private static final int MOST_AT_ONCE = 100;
    private static final Map<String, String> HELP = new LinkedHashMap<>();

    static {
        HELP.put("status", "the server and its workers");
        HELP.put("show workers", "the workers");
        HELP.put("show listeners", "the listening sockets");
        HELP.put("show stats", "counters");
        HELP.put("show config", "the settings in use");
        HELP.put("show all", "the processes");
        HELP.put("worker add [N]", "N workers more (1)");
        HELP.put("worker remove [N]", "N workers less (1), at least one stays");
        HELP.put("worker kill PID", "TERM for one worker; another one takes its place");
        HELP.put("reload", "as HUP");
        HELP.put("reopen", "as USR1");
        HELP.put("shutdown [graceful|quick]", "as TERM or INT");
        HELP.put("help", "this");
    }

    private final Plan plan;
    private final Workers workers;
    private final Supplier<Duration> clock;
    private final Supplier<Deployment> newest;
    private final Consumer<Event> events;
    private final Map<Long, Heartbeat> heartbeats = new HashMap<>();
    private int spawned;
    private int killed;
    private int reloads;

    /**
     * @param clock time since the start of the master
     * @param newest what new workers are started with
     * @param events takes what a command leads to, to be handled soon
     */
    OperatorCommands(
            Plan plan,
            Workers workers,
            Supplier<Duration> clock,
            Supplier<Deployment> newest,
            Consumer<Event> events) {
        this.plan = plan;
        this.workers = workers;
        this.clock = clock;
        this.newest = newest;
        this.events = events;
    }

    /** Keeps what the answers need. */
    void note(Event event) {
        switch (event) {
            case Event.MessageFrom(long pid, Heartbeat heartbeat) -> heartbeats.put(pid, heartbeat);
            case Event.WorkerExited(long pid, _, _) -> heartbeats.remove(pid);
            case Event.WorkerStarted _ -> spawned++;
            case Event.Reloaded _ -> reloads++;
            default -> {}
        }
    }

    /** Does what an operator asks and answers. */
    void run(CtlCall call) {
        List<String> words = call.words();
        if (words.isEmpty()) {
            call.fail("Empty command");
            return;
        }
        if (plan.stopping() && !isQuestion(words.getFirst())) {
            call.fail("The server is shutting down");
            return;
        }
        try {
            call.succeed(answer(words));
        } catch (IllegalArgumentException e) {
            call.fail("Invalid argument: " + e.getMessage());
        } catch (RuntimeException e) { // no reason to end the server
            call.fail("Command failed: " + e);
        }
    }

    private Map<String, Object> answer(List<String> words) {
        String command = words.getFirst().toLowerCase(Locale.ROOT);
        String what = words.size() > 1 ? words.get(1).toLowerCase(Locale.ROOT) : "";
        return switch (command + (isPair(command) ? " " + what : "")) {
            case "status" -> status();
            case "show workers" -> workerList();
            case "show all" -> processes();
            case "show stats" -> stats();
            case "show listeners" -> listeners();
            case "show config" -> new TreeMap<>(newest.get().config().settings());
            case "show dirty" -> members("enabled", false, "pid", null, "workers", List.of());
            case "worker add" -> scaled("added", Signal.TTIN, number(words, 2, 1));
            case "worker remove" -> scaled("removed", Signal.TTOU, number(words, 2, 1));
            case "worker kill" -> kill(words);
            case "reload" -> asked(Signal.HUP, "reloading");
            case "reopen" -> asked(Signal.USR1, "reopening");
            case "shutdown" -> shutdown(what);
            case "help" -> Map.of("commands", HELP);
            default ->
                    throw new IllegalArgumentException(
                            "Unknown command: " + String.join(" ", words) + " (see: help)");
        };
    }

    private static boolean isQuestion(String command) {
        return List.of("status", "show", "help").contains(command.toLowerCase(Locale.ROOT));
    }

    private static boolean isPair(String command) {
        return command.equals("show") || command.equals("worker");
    }

    private static long number(List<String> words, int place, long usual) {
        if (words.size() <= place) {
            return usual;
        }
        String text = words.get(place);
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException(text + " is not a number");
        }
        return Long.parseLong(text);
    }

    // ---- answers -------------------------------------------------------------------------------

    private Map<String, Object> status() {
        long pid = ProcessHandle.current().pid();
        return members(
                "pid", pid,
                "uptime", seconds(clock.get()),
                "rss", megabytes(pid),
                "listeners", ListenerSockets.shown(newest.get().listeners()),
                "serving", count(Serving.class) + " of " + plan.current().target(),
                "spares", count(Spare.class) + " of " + plan.current().spares(),
                "workers", workerViews());
    }

    private long count(Class<? extends WorkerState> state) {
        return plan.workers().stream().filter(worker -> state.isInstance(worker.state())).count();
    }

    private Map<String, Object> workerList() {
        List<Map<String, Object>> views = workerViews();
        return members("workers", views, "count", views.size());
    }

    private Map<String, Object> processes() {
        List<Map<String, Object>> views = workerViews();
        Map<String, Object> master =
                members("pid", ProcessHandle.current().pid(), "type", "arbiter", "role", "master");
        return members(
                "arbiter",
                master,
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

    private Map<String, Object> stats() {
        return members(
                "uptime",
                seconds(clock.get()),
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

    private Map<String, Object> listeners() {
        List<Map<String, Object>> all =
                newest.get().listeners().stream()
                        .map(
                                listener ->
                                        members(
                                                "address", listener.bound().toString(),
                                                "fd", listener.descriptor().intValue(),
                                                "type", type(listener.bound())))
                        .toList();
        return members("listeners", all, "count", all.size());
    }

    private static String type(BindAddress address) {
        return switch (address) {
            case BindAddress.UnixSocket _ -> "unix";
            case BindAddress.Tcp tcp -> tcp.host().indexOf(':') >= 0 ? "tcp6" : "tcp";
            case BindAddress.InheritedFd _ -> "fd";
        };
    }

    private List<Map<String, Object>> workerViews() {
        return plan.workers().stream().map(this::view).toList();
    }

    private Map<String, Object> view(WorkerHandle worker) {
        boolean booted = !worker.blank() && !worker.booting() && worker.bootFailure().isEmpty();
        Optional<Heartbeat> last = Optional.ofNullable(heartbeats.get(worker.pid()));
        return members(
                "pid", worker.pid(),
                "age", worker.age(),
                "state", name(worker),
                "booted", booted,
                "aborted", worker.state() instanceof Aborted,
                "last_heartbeat", seconds(worker.silence(clock.get())),
                "requests", last.map(Heartbeat::requests).orElse(null),
                "busy_threads", last.map(Heartbeat::busyThreads).orElse(null),
                "connections", last.map(Heartbeat::connections).orElse(null),
                "rss", megabytes(worker.pid()),
                "cpu_seconds", cpu(worker.pid()));
    }

    private static String name(WorkerHandle worker) {
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

    // ---- deeds ---------------------------------------------------------------------------------

    private Map<String, Object> scaled(String what, Signal signal, long count) {
        if (count > MOST_AT_ONCE) {
            throw new IllegalArgumentException(
                    count + " are too many workers: at most " + MOST_AT_ONCE + " at once");
        }
        int before = plan.current().target();
        long wanted = signal == Signal.TTIN ? count : Math.min(count, Math.max(0, before - 1));
        for (long i = 0; i < wanted; i++) {
            events.accept(new Event.SignalReceived(signal));
        }
        long total = signal == Signal.TTIN ? before + wanted : before - wanted;
        return members(what, wanted, "previous", before, "total", total);
    }

    private Map<String, Object> kill(List<String> words) {
        if (words.size() < 3) {
            throw new IllegalArgumentException("worker kill needs the pid of a worker");
        }
        long pid = number(words, 2, 0);
        if (!workers.isRunning(pid)) {
            return members("success", false, "error", "Worker " + pid + " not found");
        }
        workers.kill(pid, Signal.TERM);
        killed++;
        return members("success", true, "killed", pid);
    }

    private Map<String, Object> asked(Signal signal, String answer) {
        events.accept(new Event.SignalReceived(signal));
        return Map.of("status", answer);
    }

    private Map<String, Object> shutdown(String mode) {
        boolean quick = mode.equals("quick");
        events.accept(new Event.SignalReceived(quick ? Signal.INT : Signal.TERM));
        return members("status", "shutting_down", "mode", quick ? "quick" : "graceful");
    }

    // ---- values --------------------------------------------------------------------------------

    /** Names and values in turn; values may be null. */
    private static Map<String, Object> members(Object... namesAndValues) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return members;
    }

    private static double seconds(Duration duration) {
        return Math.floor(duration.toMillis() / 100.0) / 10;
    }

    /** For example {@code 312 MB}; null for a process that is gone. */
    private static String megabytes(long pid) {
        OptionalLong bytes = ResidentMemory.of(pid);
        return bytes.isEmpty() ? null : (bytes.getAsLong() >> 20) + " MB";
    }

    /** Seconds of processor time; null for a process that is gone. */
    private static Double cpu(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(OperatorCommands::seconds)
                .orElse(null);
    }
}
