package io.jgunicorn.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Processes by pid, as the kernel tells about them. A zombie counts as gone. */
public final class ProcessTree {
    private ProcessTree() {}

    /** Live direct children of a process. */
    public static List<Long> children(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .filter(ProcessTree::isAlive)
                .sorted()
                .toList();
    }

    /** Live descendants of a process. */
    public static List<Long> descendants(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .filter(ProcessTree::isAlive)
                .sorted()
                .toList();
    }

    /** Live processes whose environment at their start held this {@code NAME=value}. */
    static Set<Long> withEnvironment(String entry) {
        Set<Long> found = new TreeSet<>();
        ProcessHandle.allProcesses()
                .mapToLong(ProcessHandle::pid)
                .filter(pid -> isAlive(pid) && words(pid, "environ").contains(entry))
                .forEach(found::add);
        return found;
    }

    public static boolean isAlive(long pid) {
        return state(pid).filter(state -> state != 'Z' && state != 'X').isPresent();
    }

    /**
     * The words of a process's command line; empty when it is gone. Read from /proc, because {@link
     * ProcessHandle.Info} cuts long class paths off before the main class.
     */
    public static List<String> commandLine(long pid) {
        return words(pid, "cmdline");
    }

    /** Resident memory in bytes (VmRSS of proc(5)). */
    public static long residentBytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid, "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("process " + pid + " is gone"));
        } catch (IOException e) {
            throw new AssertionError("process " + pid + " is gone", e);
        }
    }

    private static List<String> words(long pid, String file) {
        try {
            String words =
                    Files.readString(Path.of("/proc/" + pid, file), StandardCharsets.ISO_8859_1);
            return words.isEmpty() ? List.of() : List.of(words.split("\0"));
        } catch (IOException _) {
            return List.of();
        }
    }

    /** Sends a signal by name, as {@code kill -TERM pid} does. */
    public static void signal(String name, Collection<Long> pids) {
        if (pids.isEmpty()) {
            return;
        }
        // The shell's own kill: a program of that name is not on every machine.
        String pidList = pids.stream().map(String::valueOf).collect(Collectors.joining(" "));
        List<String> command = List.of("sh", "-c", "kill -s " + name + " " + pidList);
        try {
            Process kill = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output =
                    new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (kill.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output.strip());
            }
        } catch (IOException e) {
            throw new IllegalStateException(String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + String.join(" ", command), e);
        }
    }

    private static Optional<Character> state(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // The second field is the command in parentheses, which may hold anything.
            return Optional.of(stat.charAt(stat.lastIndexOf(')') + 2));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
