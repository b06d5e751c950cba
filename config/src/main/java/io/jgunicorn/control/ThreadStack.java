package io.jgunicorn.control;

import java.util.List;
import java.util.Optional;

/**
 * Where one thread of a worker is.
 *
 * @param name of a pool's thread ({@code python-2}), or as the application named it
 * @param state of the Java thread, as {@link Thread.State} names it
 * @param inside the request it is busy with, if it is known to be
 */
public record ThreadStack(String name, String state, Optional<Inside> inside, Trace trace) {

    /**
     * A request.
     *
     * @param request for example {@code GET /slow}
     * @param seconds how long the thread has been inside it
     */
    public record Inside(String request, double seconds) {}

    /** One call; the line is 0 where it is not known. */
    public record Frame(String file, int line, String function) {}

    /**
     * The calls that have not returned, the innermost last.
     *
     * @param python false if Python did not tell, as from within a native call, and these are the
     *     calls of the JVM
     * @param frames empty for a thread that waits for work
     * @param omitted how many outer calls are left out
     */
    public record Trace(boolean python, List<Frame> frames, int omitted) {
        /** So many calls of a thread are told at most. */
        public static final int MOST = 200;

        public Trace {
            frames = List.copyOf(frames);
        }

        /** What a thread tells of its calls: the innermost {@link #MOST}. */
        public static Trace of(boolean python, List<Frame> frames) {
            int omitted = Math.max(0, frames.size() - MOST);
            return new Trace(python, frames.subList(omitted, frames.size()), omitted);
        }
    }
}
