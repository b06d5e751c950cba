package io.jgunicorn.supervisor.ctl;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Calls for tests, without a socket. */
public final class CtlCalls {
    private CtlCalls() {}

    /** What the server answers to a command: status, and data or error. */
    public static Map<String, Object> answer(Consumer<CtlCall> server, String... words) {
        Map<String, Object> answer = new HashMap<>();
        server.accept(new CtlCall(List.of(words), answer::putAll));
        return answer;
    }
}
