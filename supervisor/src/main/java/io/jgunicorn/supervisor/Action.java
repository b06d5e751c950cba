package io.jgunicorn.supervisor;

import io.jgunicorn.control.ControlMessage.RecentRequests;
import io.jgunicorn.control.ControlMessage.ToWorker;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.os.Signal;
import java.util.List;
import java.util.Set;

/** Something {@link Plan} wants done to the outside world; {@link Supervisor} does it. */
public sealed interface Action {

    /** Start a worker process; answered by {@link Event.WorkerStarted} or SpawnFailed. */
    record Spawn(long age, int generation) implements Action {}

    /** Send a message down a worker's control link. */
    record Send(long pid, ToWorker message) implements Action {}

    /** Send a signal to a worker process. */
    record Kill(long pid, Signal signal) implements Action {}

    /** Write a line to the error log. */
    record Log(LogLevel level, String text) implements Action {}

    /** Read the configuration again; answered by {@link Event.Reloaded} or ReloadFailed. */
    record Reload(int generation) implements Action {}

    /** The reload is given up: the master itself goes by the configuration of this generation. */
    record ReturnTo(int generation) implements Action {}

    /** Reopen the master's own log files. */
    record ReopenLogs() implements Action {}

    /** Close the listening sockets: the server is stopping. */
    record CloseListeners() implements Action {}

    /** Configurations and sockets of all other generations are no longer needed. */
    record KeepGenerations(Set<Integer> numbers) implements Action {
        public KeepGenerations {
            numbers = Set.copyOf(numbers);
        }
    }

    /** A worker has been reaped: time for the child_exit hook. */
    record Reaped(long age, long pid) implements Action {}

    /** The wanted number of workers changed: time for the nworkers_changed hook. */
    record WorkerCountChanged(int now, int before) implements Action {}

    /** Tell workers to come what was asked lately; see {@link RecentRequests}. */
    record Remember(List<String> requests) implements Action {
        public Remember {
            requests = List.copyOf(requests);
        }
    }

    /** Tell the service manager how the server is. */
    record Tell(ServiceStatus status) implements Action {}

    /**
     * Start another master on the same sockets; answered by SuccessorStarted or SuccessorFailed.
     */
    record StartSuccessor() implements Action {}

    /** This master stops, and the other one is the server from now on. */
    record HandOver(long pid) implements Action {}

    /** The other master is gone: what it shared or took is this one's alone again. */
    record TakeBack() implements Action {}

    /** The master that started this one is gone: take its place. */
    record Promote() implements Action {}

    /** Leave the loop; no worker is left. */
    record Halt(int exitCode) implements Action {}
}
