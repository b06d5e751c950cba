package io.jgunicorn.supervisor;

import io.jgunicorn.control.ControlMessage.ToMaster;
import io.jgunicorn.os.Signal;
import io.jgunicorn.supervisor.ctl.CtlCall;
import java.util.Optional;

/**
 * Something that happened, on its way to the master's loop. Of one worker the order is always: its
 * messages, {@link LinkClosed} (if it ever linked), {@link WorkerExited}.
 */
public sealed interface Event {

    /** The master received a signal. */
    record SignalReceived(Signal signal) implements Event {}

    /** A worker sent a message. */
    record MessageFrom(long pid, ToMaster message) implements Event {}

    /** A worker's control link is gone: the process ends soon or has lost its mind. */
    record LinkClosed(long pid) implements Event {}

    /** A worker sent bytes that are no message; its link has been closed. */
    record LinkBroken(long pid, String reason) implements Event {}

    /**
     * A worker process has ended.
     *
     * @param status exit code, or 128 plus the signal that killed it
     * @param cause what else is known, as a sentence
     */
    record WorkerExited(long pid, int status, Optional<String> cause) implements Event {
        WorkerExited(long pid, int status) {
            this(pid, status, Optional.empty());
        }
    }

    /** The process asked for by {@link Action.Spawn} runs. */
    record WorkerStarted(long age, long pid) implements Event {}

    /** The process asked for by {@link Action.Spawn} could not be started. */
    record SpawnFailed(long age, String reason) implements Event {}

    /** {@link Action.Reload} read a valid configuration; its sockets are bound. */
    record Reloaded(Generation generation) implements Event {}

    /** {@link Action.Reload} found the configuration unusable; nothing has changed. */
    record ReloadFailed(String reason) implements Event {}

    /** {@link Action.StartSuccessor} did. */
    record SuccessorStarted(long pid) implements Event {}

    /** {@link Action.StartSuccessor} could not. */
    record SuccessorFailed(String reason) implements Event {}

    /**
     * The other master has ended.
     *
     * @param status as that of a worker
     */
    record SuccessorExited(long pid, int status) implements Event {}

    /** The master that started this one has ended. */
    record PredecessorGone() implements Event {}

    /** So many TCP connections wait to be accepted; told where workers are scaled by that. */
    record Backlog(int connections) implements Event {}

    /** Boot after boot has failed, and nobody waits for another one. */
    record StartGivenUp(String reason) implements Event {}

    /** The loop itself failed, for example in a hook: the server cannot go on. */
    record LoopFailed() implements Event {}

    /** A hook has assigned the number of workers. */
    record WorkersWanted(int count) implements Event {}

    /** A hook wants the server to end. */
    record HaltAsked(int exitCode, Optional<String> reason) implements Event {}

    /** An operator wants a worker replaced that is as good as any. */
    record ReplacementAsked(long pid) implements Event {}

    /** An operator asks something; {@link OperatorCommands} answers, not the plan. */
    record Asked(CtlCall call) implements Event {}

    /** Time has passed. */
    record Tick() implements Event {}
}
