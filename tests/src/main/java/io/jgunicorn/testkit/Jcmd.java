package io.jgunicorn.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Asks a JVM about itself. */
public final class Jcmd {
    private Jcmd() {}

    /** What {@code jcmd PID WORDS...} prints; within ten seconds. */
    public static String ask(long pid, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("timeout", "10"));
        command.add(Path.of(System.getProperty("java.home"), "bin/jcmd").toString());
        command.add(Long.toString(pid));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
