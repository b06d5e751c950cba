package io.jgunicorn.supervisor;

import io.jgunicorn.control.ControlMessage.StackTold;
import io.jgunicorn.control.ControlMessage.StacksTold;
import io.jgunicorn.control.ControlMessage.TellStacks;
import io.jgunicorn.control.ControlMessage.ToWorker;
import io.jgunicorn.control.ThreadStack;
import io.jgunicorn.supervisor.ctl.CtlCall;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Asks workers where their threads are, and answers the operator when all have told, or after
 * {@link #PATIENCE}. Used by the loop's thread only, which does not wait.
 */
final class StackQuestions {
    /** A worker itself waits 4 seconds for Python. */
    static final Duration PATIENCE = Duration.ofSeconds(6);

    private final Plan plan;
    private final BiConsumer<Long, ToWorker> send;
    private final Supplier<Duration> clock;
    private final Map<Long, StackAnswer> open = new HashMap<>();
    private long lastQuestion;

    /**
     * @param send sends a message to the worker with a process id
     * @param clock time since the start of the master
     */
    StackQuestions(Plan plan, BiConsumer<Long, ToWorker> send, Supplier<Duration> clock) {
        this.plan = plan;
        this.send = send;
        this.clock = clock;
    }

    /**
     * Puts the question to all workers, or to one.
     *
     * @throws IllegalArgumentException if there is no such worker
     */
    void ask(CtlCall call, OptionalLong pid) {
        List<WorkerHandle> asked =
                plan.workers().stream()
                        .filter(WorkerHandle::started)
                        .filter(worker -> pid.isEmpty() || worker.pid() == pid.getAsLong())
                        .toList();
        if (asked.isEmpty() && pid.isPresent()) {
            throw new IllegalArgumentException("Worker " + pid.getAsLong() + " not found");
        }
        lastQuestion++;
        StackAnswer answer = new StackAnswer(call, clock.get().plus(PATIENCE), asked);
        open.put(lastQuestion, answer);
        for (WorkerHandle worker : asked) {
            if (worker.linked()) {
                send.accept(worker.pid(), new TellStacks(lastQuestion));
            } else {
                answer.silent(worker.pid(), "has not begun to boot");
            }
        }
        closeAnswered();
    }

    /** Takes the answers of workers, and sees time pass. */
    void note(Event event) {
        if (open.isEmpty()) {
            return;
        }
        switch (event) {
            case Event.MessageFrom(long pid, StackTold(long question, ThreadStack stack)) ->
                    of(question).ifPresent(answer -> answer.told(pid, stack));
            case Event.MessageFrom(long pid, StacksTold(long question)) ->
                    of(question).ifPresent(answer -> answer.complete(pid));
            case Event.LinkClosed(long pid) ->
                    open.values().forEach(answer -> answer.silent(pid, "has ended meanwhile"));
            default -> {}
        }
        closeAnswered();
    }

    private Optional<StackAnswer> of(long question) {
        return Optional.ofNullable(open.get(question));
    }

    private void closeAnswered() {
        Duration now = clock.get();
        open.values().removeIf(answer -> answer.closedBy(now));
    }
}
