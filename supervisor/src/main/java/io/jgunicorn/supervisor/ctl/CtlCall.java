package io.jgunicorn.supervisor.ctl;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A command of an operator, to be answered once. Any thread. */
public final class CtlCall {
    private final List<String> words;
    private final Consumer<Map<String, Object>> reply;

    /**
     * @param words the command and its arguments; may be empty
     * @param reply takes the members of the answer, without the id
     */
    CtlCall(List<String> words, Consumer<Map<String, Object>> reply) {
        this.words = List.copyOf(words);
        this.reply = reply;
    }

    public List<String> words() {
        return words;
    }

    /**
     * It has been done.
     *
     * @param data values are texts, numbers, booleans, null, lists and maps of such
     */
    public void succeed(Map<String, ?> data) {
        reply.accept(Map.of("status", "ok", "data", data));
    }

    /** It has not been done. */
    public void fail(String reason) {
        reply.accept(Map.of("status", "error", "error", reason));
    }
}
