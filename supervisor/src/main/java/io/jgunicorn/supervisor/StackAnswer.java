package io.jgunicorn.supervisor;

import io.jgunicorn.control.ThreadStack;
import io.jgunicorn.control.ThreadStack.Frame;
import io.jgunicorn.control.ThreadStack.Inside;
import io.jgunicorn.supervisor.ctl.CtlCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What workers have told so far of where their threads are. Used by the loop's thread only. */
final class StackAnswer {
    /**
     * Characters of files and functions after which frames are left out: the whole answer must fit
     * into a frame of the control socket.
     */
    private static final int MOST_CHARACTERS = 4 << 20;

    private final CtlCall call;
    private final Duration until;
    private final List<WorkerHandle> asked;
    private final Map<Long, List<Object>> threads = new HashMap<>();

    /** Why there is no answer, or no more, by worker; empty if it has answered. */
    private final Map<Long, String> outcomes = new HashMap<>();

    private int characters;

    /**
     * @param until when the answer is given, complete or not
     */
    StackAnswer(CtlCall call, Duration until, List<WorkerHandle> asked) {
        this.call = call;
        this.until = until;
        this.asked = List.copyOf(asked);
        asked.forEach(worker -> threads.put(worker.pid(), new ArrayList<>()));
    }

    /** Where one thread of a worker is. */
    void told(long pid, ThreadStack stack) {
        Optional.ofNullable(threads.get(pid)).ifPresent(all -> all.add(view(stack)));
    }

    /** A worker has told all. */
    void complete(long pid) {
        outcomes.putIfAbsent(pid, "");
    }

    /** No answer is to be expected from a worker. */
    void silent(long pid, String reason) {
        outcomes.putIfAbsent(pid, reason);
    }

    /** Answers the operator if there is nothing more to wait for; false if there is. */
    boolean closedBy(Duration now) {
        boolean complete = asked.stream().allMatch(worker -> outcomes.containsKey(worker.pid()));
        if (!complete && now.compareTo(until) < 0) {
            return false;
        }
        call.succeed(Map.of("workers", asked.stream().map(this::view).toList()));
        return true;
    }

    private Map<String, Object> view(WorkerHandle worker) {
        String problem =
                outcomes.getOrDefault(
                        worker.pid(),
                        "does not answer within " + StackQuestions.PATIENCE.toSeconds() + " s");
        Map<String, Object> view =
                Answers.members(
                        "pid", worker.pid(),
                        "age", worker.age(),
                        "state", WorkerViews.name(worker),
                        "answered", problem.isEmpty());
        if (!problem.isEmpty()) {
            view.put("problem", problem);
        }
        view.put("threads", threads.get(worker.pid()));
        return view;
    }

    private Map<String, Object> view(ThreadStack stack) {
        Optional<Inside> inside = stack.inside();
        List<Frame> frames = stack.trace().frames();
        int omitted = stack.trace().omitted();
        characters +=
                frames.stream().mapToInt(f -> f.file().length() + f.function().length()).sum();
        if (characters > MOST_CHARACTERS) {
            omitted += frames.size();
            frames = List.of();
        }
        return Answers.members(
                "name", stack.name(),
                "state", stack.state(),
                "request", inside.map(Inside::request).orElse(null),
                "seconds",
                        inside.map(
                                        i ->
                                                Answers.seconds(
                                                        Duration.ofMillis(
                                                                (long) (i.seconds() * 1000))))
                                .orElse(null),
                "language", stack.trace().python() ? "python" : "java",
                "omitted", omitted,
                "frames", frames.stream().map(StackAnswer::view).toList());
    }

    private static Map<String, Object> view(Frame frame) {
        return Answers.members(
                "file", frame.file(), "line", frame.line(), "function", frame.function());
    }
}
