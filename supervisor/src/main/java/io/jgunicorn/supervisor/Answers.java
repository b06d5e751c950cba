package io.jgunicorn.supervisor;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What answers to operators are made of. Stateless. */
final class Answers {
    private Answers() {}

    /** Names and values in turn; values may be null. */
    static Map<String, Object> members(Object... namesAndValues) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return members;
    }

    /** Seconds with one decimal, rounded down. */
    static double seconds(Duration duration) {
        return Math.floor(duration.toMillis() / 100.0) / 10;
    }

    /** A thing was asked for that cannot be done: the client fails, and says why. */
    static Map<String, Object> failure(String reason) {
        return members("success", false, "error", reason);
    }
}
