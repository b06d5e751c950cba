package io.jgunicorn.supervisor;

import io.jgunicorn.os.Signal;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What operators can do to the server and its workers. Used by the loop's thread only. */
final class OperatorDeeds {
    private static final int MOST_AT_ONCE = 100;

    private final Plan plan;
    private final Workers workers;
    private final Consumer<Event> events;
    private int killed;

    /**
     * @param events takes what a command leads to, to be handled soon
     */
    OperatorDeeds(Plan plan, Workers workers, Consumer<Event> events) {
        this.plan = plan;
        this.workers = workers;
        this.events = events;
    }

    /** Workers that have been ended by {@link #kill}. */
    int killed() {
        return killed;
    }

    Map<String, Object> add(long count) {
        check(count);
        int before = plan.current().target();
        repeat(Signal.TTIN, count);
        return Answers.members("added", count, "previous", before, "total", before + count);
    }

    Map<String, Object> remove(long count) {
        check(count);
        int before = plan.current().target();
        long possible = Math.min(count, Math.max(0, before - 1));
        repeat(Signal.TTOU, possible);
        return Answers.members("removed", possible, "previous", before, "total", before - possible);
    }

    private static void check(long count) {
        if (count > MOST_AT_ONCE) {
            throw new IllegalArgumentException(
                    count + " are too many workers: at most " + MOST_AT_ONCE + " at once");
        }
    }

    private void repeat(Signal signal, long count) {
        for (long i = 0; i < count; i++) {
            events.accept(new Event.SignalReceived(signal));
        }
    }

    Map<String, Object> kill(long pid) {
        if (!workers.isRunning(pid)) {
            return notFound(pid);
        }
        workers.kill(pid, Signal.TERM);
        killed++;
        return Answers.members("success", true, "killed", pid);
    }

    /** Has a worker replaced as if it had asked for that. */
    Map<String, Object> drain(long pid) {
        Optional<WorkerHandle> found =
                plan.workers().stream().filter(w -> w.started() && w.pid() == pid).findFirst();
        if (found.isEmpty()) {
            return notFound(pid);
        }
        WorkerHandle worker = found.get();
        if (!worker.serving()) {
            return Answers.failure(
                    "Worker %d is %s: only one that serves can be replaced"
                            .formatted(pid, WorkerViews.name(worker)));
        }
        events.accept(new Event.ReplacementAsked(pid));
        return Answers.members("success", true, "replacing", pid);
    }

    private static Map<String, Object> notFound(long pid) {
        return Answers.failure("Worker " + pid + " not found");
    }

    Map<String, Object> reload() {
        events.accept(new Event.SignalReceived(Signal.HUP));
        return Map.of("status", "reloading");
    }

    Map<String, Object> reopen() {
        events.accept(new Event.SignalReceived(Signal.USR1));
        return Map.of("status", "reopening");
    }

    /**
     * @param mode {@code quick}; anything else is graceful, as in gunicorn
     */
    Map<String, Object> shutdown(String mode) {
        boolean quick = mode.equals("quick");
        if (!quick && !mode.isEmpty() && !mode.equals("graceful")) {
            throw new IllegalArgumentException(
                    "shutdown " + mode + " is unknown: it must be graceful or quick");
        }
        events.accept(new Event.SignalReceived(quick ? Signal.INT : Signal.TERM));
        return Answers.members("status", "shutting_down", "mode", quick ? "quick" : "graceful");
    }
}
