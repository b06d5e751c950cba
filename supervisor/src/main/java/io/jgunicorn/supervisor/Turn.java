package io.jgunicorn.supervisor;

import io.jgunicorn.control.ControlMessage.ToWorker;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.os.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One turn of the plan: the time it is, and the actions decided so far, in order. */
final class Turn {
    private final Duration now;
    private final List<Action> actions = new ArrayList<>();

    Turn(Duration now) {
        this.now = now;
    }

    Duration now() {
        return now;
    }

    Duration in(Duration delay) {
        return now.plus(delay);
    }

    List<Action> actions() {
        return List.copyOf(actions);
    }

    void add(Action action) {
        actions.add(action);
    }

    /** For what is to be done before anything else of this turn. */
    void addFirst(Action action) {
        actions.addFirst(action);
    }

    void log(LogLevel level, String text) {
        actions.add(new Action.Log(level, text));
    }

    void send(WorkerHandle worker, ToWorker message) {
        actions.add(new Action.Send(worker.pid(), message));
    }

    void kill(WorkerHandle worker, Signal signal) {
        actions.add(new Action.Kill(worker.pid(), signal));
    }
}
