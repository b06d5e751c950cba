package io.jgunicorn.python;

import java.util.Map;

/**
 * One Python for all tests that run on this thread: starting it takes seconds, and a process is to
 * have one only.
 */
public final class SharedPython {
    private static final PythonHost HOST = new PythonHost(ContextOptions.from(variables()));

    private SharedPython() {}

    /** Not started before its first use. */
    public static PythonHost host() {
        return HOST;
    }

    private static Map<String, String> variables() {
        return Map.of("HOME", System.getProperty("user.home"));
    }
}
