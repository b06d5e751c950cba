package io.jgunicorn.config;

import io.jgunicorn.config.value.Surroundings;
import java.nio.file.Path;
import java.util.Map;

/** Surroundings for tests, independent of the machine. */
public final class Given {
    private Given() {}

    /** A user with number 1000 in a folder, with a home and nothing else. */
    public static Surroundings in(Path folder) {
        return in(folder, Map.of());
    }

    /** The same with more variables. */
    public static Surroundings in(Path folder, Map<String, String> environment) {
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.put("HOME", "/home/ada");
        return new Surroundings(all, folder, 1000, 1001);
    }
}
