package io.jgunicorn.bench.proc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds processes by a mark in their environment, whoever their parent is. */
public final class Leftovers {
    private Leftovers() {}

    /**
     * The live processes that were started with a variable.
     *
     * @param entry {@code NAME=value}
     */
    public static List<ProcessHandle> withEnvironment(String entry) {
        return ProcessHandle.allProcesses()
                .filter(process -> environment(process.pid()).contains(entry))
                .toList();
    }

    private static List<String> environment(long pid) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc/" + pid + "/environ"));
            return List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("\0"));
        } catch (IOException _) {
            return List.of(); // gone, or somebody else's
        }
    }
}
