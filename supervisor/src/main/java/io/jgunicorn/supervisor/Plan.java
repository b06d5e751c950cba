package io.jgunicorn.supervisor;

import io.jgunicorn.control.ControlMessage.Answer;
import io.jgunicorn.control.ControlMessage.BootFailed;
import io.jgunicorn.control.ControlMessage.Heartbeat;
import io.jgunicorn.control.ControlMessage.ListenersReceived;
import io.jgunicorn.control.ControlMessage.Load;
import io.jgunicorn.control.ControlMessage.Ready;
import io.jgunicorn.control.ControlMessage.RecentRequests;
import io.jgunicorn.control.ControlMessage.ReopenLogs;
import io.jgunicorn.control.ControlMessage.ReplaceMe;
import io.jgunicorn.control.ControlMessage.RequestTimedOut;
import io.jgunicorn.control.ControlMessage.ToMaster;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.os.Signal;
import io.jgunicorn.supervisor.WorkerState.Killed;
import io.jgunicorn.supervisor.WorkerState.Spare;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides what the master does: events and the time in, actions out; no process, socket, clock or
 * thread. Used by the loop's thread only.
 *
 * <p>One idea replaces workers for every reason there is: keep {@link Generation#target} workers of
 * the current generation serving; a replacement boots first, and when it is ready the surplus
 * leaves, old generations before new, workers that asked to leave before others.
 *
 * <table>
 * <caption>Limits</caption>
 * <tr><td>boots at once</td><td>1 until the generation is proven, then half the cores</td></tr>
 * <tr><td>boots of a reloaded generation that may die before it is given up</td><td>3</td></tr>
 * </table>
 */
final class Plan {
    static final int RELOAD_BOOTS = 3;
    private static final Duration LATE_TURN = Duration.ofSeconds(1);

    private final Fleet fleet = new Fleet();
    private final WorkerLife life = new WorkerLife(fleet);
    private final Shutdown shutdown = new Shutdown(fleet, life);
    private final ServiceReport report = new ServiceReport(fleet, shutdown);
    private final Staffing staffing;
    private final Upgrade upgrade;
    private final Autoscaling autoscaling = new Autoscaling(fleet);

    /** How many workers there were when WINCH sent them away; 0 if it did not. */
    private int targetBeforeDrain;

    private Generation current;
    private int lastGeneration;

    /** The proven generation to return to while the current one has proven nothing. */
    private Optional<Generation> fallback = Optional.empty();

    /** A worker has been ready once: from then on only a signal stops the server. */
    private boolean everReady;

    private Set<Integer> kept;
    private Turn turn = new Turn(Duration.ZERO);

    /**
     * @param succeeds another master has started this one and still runs
     */
    Plan(Generation first, int cores, boolean succeeds) {
        this.upgrade = new Upgrade(succeeds);
        this.current = first;
        this.lastGeneration = first.number();
        this.kept = Set.of(first.number());
        this.staffing = new Staffing(fleet, life, cores);
    }

    /** One turn: what the event means, then the duties, always in this order. */
    List<Action> on(Event event, Duration now) {
        forgiveSilenceDuringOwnSleep(now);
        Duration before = turn.now();
        turn = new Turn(now);
        react(event);
        if (!shutdown.begun()) {
            life.mentionSlowBoots(before, turn);
            life.expireSilent(current.policy(), turn);
            followLoad();
            staffing.promoteSpares(current, fallback, turn);
            staffing.drainSurplus(current, turn);
        }
        life.killOverdue(turn);
        if (!shutdown.begun()) {
            staffing.bootMissing(current, turn);
            forgetGenerations();
        } else {
            shutdown.haltWhenAllGone(turn);
        }
        if (!shutdown.begun() || upgrade.successor().isEmpty()) {
            report.tell(current, turn); // else the service goes on, and its new master tells how
        }
        return turn.actions();
    }

    Generation current() {
        return current;
    }

    /** How the server is, as it was told last; empty before the first turn has ended. */
    Optional<ServiceStatus> status() {
        return report.told();
    }

    /** The current generation, with as many workers as before WINCH sent them away. */
    Generation beforeDrain() {
        return targetBeforeDrain == 0 ? current : current.withTarget(targetBeforeDrain);
    }

    /** The server is on its way down. */
    boolean stopping() {
        return shutdown.begun();
    }

    /** The master that was started to replace this one, while it runs. */
    Optional<Long> successor() {
        return upgrade.successor();
    }

    /** All workers there are, oldest first. */
    List<WorkerHandle> workers() {
        return fleet.all();
    }

    private void react(Event event) {
        switch (event) {
            case Event.SignalReceived(Signal signal) -> signalled(signal);
            case Event.MessageFrom(long pid, ToMaster message) ->
                    fleet.withPid(pid).ifPresent(worker -> heard(worker, message));
            case Event.LinkClosed(long pid) ->
                    fleet.withPid(pid).ifPresent(worker -> life.linkClosed(worker, turn));
            case Event.LinkBroken(long pid, String reason) ->
                    fleet.withPid(pid).ifPresent(worker -> life.linkBroken(worker, reason, turn));
            case Event.WorkerExited(long pid, int status, var cause) ->
                    fleet.withPid(pid).ifPresent(w -> exited(w, new ExitStatus(status), cause));
            case Event.WorkerStarted(long age, long pid) ->
                    fleet.withAge(age).ifPresent(worker -> started(worker.withPid(pid)));
            case Event.SpawnFailed(long age, String reason) ->
                    fleet.withAge(age).ifPresent(worker -> spawnFailed(worker, reason));
            case Event.Reloaded(Generation generation) -> reloaded(generation);
            case Event.ReloadFailed(String reason) -> {
                turn.log(LogLevel.ERROR, "Reload failed, nothing has changed: " + reason);
                report.reloadFailed(reason);
            }
            case Event.SuccessorStarted(long pid) -> upgrade.started(pid);
            case Event.SuccessorFailed(String reason) -> upgrade.failed(reason, turn);
            case Event.SuccessorExited(long pid, int status) -> successorExited(pid, status);
            case Event.PredecessorGone() -> upgrade.predecessorGone(turn);
            case Event.StartGivenUp(String reason) ->
                    stop(false, ExitStatus.BOOT_FAILED, Optional.of(reason));
            case Event.LoopFailed() -> stop(true, 255, Optional.empty());
            case Event.HaltAsked(int exitCode, var reason) -> stop(false, exitCode, reason);
            case Event.WorkersWanted(int count) -> {
                if (!shutdown.begun()) {
                    scale(count);
                }
            }
            case Event.Backlog(int connections) -> autoscaling.backlog(connections);
            case Event.ReplacementAsked(long pid) ->
                    fleet.withPid(pid).ifPresent(this::replacementAsked);
            case Event.Asked _, Event.Tick _ -> {}
        }
    }

    // ---- signals -------------------------------------------------------------------------------

    private void signalled(Signal signal) {
        if (shutdown.begun()) {
            shutdown.signalled(signal, turn);
            return;
        }
        turn.log(LogLevel.INFO, "Handling signal: " + signal.lowerName());
        switch (signal) {
            case TERM -> stop(false, 0, Optional.empty());
            case INT, QUIT -> stop(true, 0, Optional.empty());
            case HUP -> {
                turn.log(LogLevel.INFO, "Hang up: Master");
                lastGeneration++;
                turn.add(new Action.Reload(lastGeneration));
                report.reloadBegun();
            }
            case USR1 -> {
                turn.add(new Action.ReopenLogs());
                fleet.all().stream()
                        .filter(WorkerHandle::linked)
                        .forEach(worker -> turn.send(worker, new ReopenLogs()));
            }
            case TTIN -> scale(current.target() + 1);
            case TTOU -> scale(Math.min(current.target(), Math.max(1, current.target() - 1)));
            case WINCH -> {
                if (upgrade.successor().isPresent()) {
                    turn.log(LogLevel.INFO, "graceful stop of workers");
                    targetBeforeDrain = Math.max(targetBeforeDrain, current.target());
                    scale(0);
                } else {
                    turn.log(LogLevel.DEBUG, "SIGWINCH ignored. No new master serves");
                }
            }
            case USR2 -> upgrade.asked(turn);
            case ABRT, KILL, SEGV, CHLD -> {} // never asked for
        }
    }

    private void scale(int target) {
        if (target != current.target()) {
            turn.add(new Action.WorkerCountChanged(target, current.target()));
            current = current.withTarget(target);
        }
    }

    private void successorExited(long pid, int status) {
        upgrade.ended(pid, status, shutdown.begun(), turn);
        if (!shutdown.begun() && current.target() == 0) {
            scale(targetBeforeDrain); // nobody else serves now
        }
        targetBeforeDrain = 0;
    }

    // ---- generations ---------------------------------------------------------------------------

    private void reloaded(Generation generation) {
        if (current.proven()) {
            fallback = Optional.of(current);
        } else {
            dismissAllOf(current); // overtaken before it was proven
        }
        staffing.clearBackOff();
        current = generation.scaledAs(beforeDrain());
        targetBeforeDrain = 0;
        report.configurationRead();
    }

    private void giveUpReload(Generation proven, String reason) {
        turn.add(new Action.ReturnTo(proven.number()));
        turn.log(
                LogLevel.ERROR,
                "Reload failed, the running workers stay: "
                        + ServiceReport.summary(reason)); // whole above
        report.reloadFailed(reason);
        dismissAllOf(current);
        if (proven.target() != current.target()) {
            turn.add(new Action.WorkerCountChanged(proven.target(), current.target()));
        }
        current = proven;
        fallback = Optional.empty();
        staffing.clearBackOff();
    }

    private void dismissAllOf(Generation generation) {
        for (WorkerHandle worker : fleet.of(generation.number())) {
            life.dismiss(worker, turn.in(generation.graceful()), turn);
        }
    }

    // ---- workers -------------------------------------------------------------------------------

    private void started(WorkerHandle worker) {
        fleet.put(worker);
        if (shutdown.begun() || worker.generation() != current.number()) {
            life.dismiss(worker, turn.in(current.graceful()), turn);
        }
    }

    private void heard(WorkerHandle silent, ToMaster message) {
        // What it tells operators is no sign that it serves.
        WorkerHandle worker = message instanceof Answer ? silent : silent.heardAt(turn.now());
        fleet.put(worker);
        switch (message) {
            case ListenersReceived(), Answer _ -> {}
            case Ready(String runtime) -> ready(worker, runtime);
            case Heartbeat(_, int busy, int connections, Load load) -> {
                autoscaling.heard(worker.age(), load);
                life.heartbeat(worker, busy, connections, turn);
            }
            case ReplaceMe(String reason) -> {
                if (current.reload()) {
                    staffing.clearBackOff(); // what failed to boot may have been mended
                }
                life.replaceMe(worker, reason, turn);
            }
            case RequestTimedOut timeout ->
                    life.requestTimedOut(worker, timeout, current.graceful(), turn);
            case RecentRequests(var heads) -> {
                turn.log(LogLevel.DEBUG, "Requests for warm-ups to come: " + heads.size());
                turn.add(new Action.Remember(heads));
            }
            case BootFailed(_, String reason) -> life.bootFailed(worker, reason, turn);
        }
    }

    private void replacementAsked(WorkerHandle worker) {
        turn.log(LogLevel.INFO, "Worker (pid:" + worker.pid() + ") is to be replaced");
        life.replaceMe(worker, "an operator wants it", turn);
    }

    private void ready(WorkerHandle worker, String runtime) {
        if (!worker.booting()) {
            return; // dismissed while it booted
        }
        Duration took = turn.now().minus(worker.spawnedAt());
        double seconds = took.toMillis() / 1000.0;
        turn.log(
                LogLevel.INFO,
                String.format(
                        Locale.ROOT, "Worker ready after %.1f s (pid: %d)", seconds, worker.pid()));
        if (worker.generation() == current.number() && !current.proven()) {
            sayRuntime(runtime);
        }
        fleet.put(worker, new Spare(turn.now()));
        everReady = true;
        if (worker.generation() == current.number()) {
            staffing.clearBackOff();
            current = current.withProof();
            fallback = Optional.empty();
        }
    }

    private void sayRuntime(String runtime) {
        if (runtime.contains("Interpreted")) {
            turn.log(
                    LogLevel.WARNING,
                    "Python runs without a JIT compiler ("
                            + runtime
                            + "), 5 to 20 times slower than it could: is this JDK a 25 with JVMCI?");
        } else {
            turn.log(LogLevel.INFO, "Python runs on " + runtime + " with its JIT compiler");
        }
    }

    private void exited(WorkerHandle worker, ExitStatus status, Optional<String> cause) {
        fleet.remove(worker);
        autoscaling.forget(worker.age());
        status.report(worker.pid(), worker.state() instanceof Killed, cause).ifPresent(turn::add);
        turn.add(new Action.Reaped(worker.age(), worker.pid()));
        worker.bootFailure().ifPresent(reason -> bootFailed(worker, status, reason));
    }

    private void spawnFailed(WorkerHandle worker, String reason) {
        fleet.remove(worker);
        bootFailed(worker, new ExitStatus(1), reason);
    }

    private void bootFailed(WorkerHandle worker, ExitStatus status, String detail) {
        if (shutdown.begun() || worker.generation() != current.number()) {
            return; // nobody waits for it
        }
        String reason = detail.isBlank() ? status.reason() : detail.strip();
        BackOff backOff = staffing.backOff(turn.now());
        if (!everReady && status.cannotLoad()) {
            int exitCode = current.preload() ? 1 : status.value();
            stop(false, exitCode, Optional.of(status.reason()));
        } else if (fallback.isPresent()
                && (status.cannotLoad()
                        || worker.bootOverdue() // another one would take as long
                        || backOff.failures() >= RELOAD_BOOTS)) {
            giveUpReload(fallback.get(), reason);
        } else {
            turn.log(
                    LogLevel.ERROR,
                    "Boot failed, next try in " + backOff.delay().toSeconds() + " s: " + reason);
            autoscaling.bootFailed(current, backOff.failures(), turn).ifPresent(this::scale);
        }
    }

    // ---- duties --------------------------------------------------------------------------------

    /** A master that was itself stopped cannot blame its workers for the silence. */
    private void forgiveSilenceDuringOwnSleep(Duration now) {
        if (now.minus(turn.now()).compareTo(LATE_TURN) > 0) {
            fleet.all().stream()
                    .filter(WorkerHandle::linked)
                    .forEach(worker -> fleet.put(worker.heardAt(now)));
        }
    }

    /** Not while WINCH has sent all away, or none has proven that it could serve. */
    private void followLoad() {
        if (current.scaled() && current.proven() && current.target() > 0) {
            autoscaling.look(current, turn).ifPresent(this::scale);
        }
    }

    private void forgetGenerations() {
        Set<Integer> needed = new TreeSet<>(fleet.generations());
        needed.add(current.number());
        fallback.ifPresent(generation -> needed.add(generation.number()));
        if (!needed.equals(kept)) {
            kept = Set.copyOf(needed);
            turn.add(new Action.KeepGenerations(kept));
        }
    }

    private void stop(boolean breakOff, int exitCode, Optional<String> reason) {
        upgrade.successor().ifPresent(pid -> turn.add(new Action.HandOver(pid)));
        shutdown.begin(breakOff, exitCode, reason, current.graceful(), turn);
    }
}
