package io.jgunicorn.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Ends a server and looks at what is left: TERM, wait, KILL; then there must be no process of it,
 * no socket file, no pidfile, and no error line the test has not declared.
 */
final class Aftermath {
    private static final Pattern ERROR_LINE =
            Pattern.compile(
                    "\\[(ERROR|CRITICAL)]"
                            + "|^Traceback \\(most recent call last\\)"
                            + "|^Exception in thread"
                            + "|^\\s+at [\\w.$/@]+\\(.*\\.java:\\d+\\)"
                            + "|^(SEVERE|ERROR|FATAL): ");

    private static final int FILE_TYPE = 0170000; // as in stat(2)
    private static final int SOCKET = 0140000;

    private final ServerProcess server;
    private final List<Pattern> expected;
    private final List<String> problems = new ArrayList<>();

    Aftermath(ServerProcess server, List<String> expected) {
        this.server = server;
        this.expected = expected.stream().map(Pattern::compile).toList();
    }

    void stopAndCheck(Duration limit) {
        try {
            stop(limit);
            checkProcesses();
            server.log().awaitEnd();
            checkFiles();
            if (server.product().judged()) {
                checkLog();
            }
        } finally {
            deleteDirectory();
        }
        if (!problems.isEmpty()) {
            throw new AssertionError(
                    "after the server ended:\n  "
                            + String.join("\n  ", problems)
                            + "\ncommand: "
                            + String.join(" ", server.command())
                            + server.log().last());
        }
    }

    private void stop(Duration limit) {
        Process process = server.process();
        if (!process.isAlive()) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                problems.add("it did not end within " + Await.seconds(limit) + " of TERM");
                process.destroyForcibly().waitFor();
            } else if (process.exitValue() != 0 && server.product().judged()) {
                problems.add("after TERM it ended with exit code " + process.exitValue());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new AssertionError("the test ran out of time stopping the server", e);
        }
    }

    private void checkProcesses() {
        if (Await.holdsWithin(Duration.ofSeconds(5), () -> server.family().isEmpty())) {
            return;
        }
        Set<Long> left = server.family();
        for (long pid : left) {
            problems.add(
                    "process "
                            + pid
                            + " is left: "
                            + String.join(" ", ProcessTree.commandLine(pid)));
        }
        for (long pid : left) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private void checkFiles() {
        try (Stream<Path> paths = Files.walk(server.directory())) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
                boolean socket = (mode & FILE_TYPE) == SOCKET;
                if (socket || path.toString().endsWith(".pid")) {
                    problems.add((socket ? "socket file " : "pidfile ") + path + " is left");
                }
            }
        } catch (IOException e) {
            problems.add("cannot look at " + server.directory() + ": " + e);
        }
    }

    private void checkLog() {
        for (String line : server.log().texts()) {
            if (ERROR_LINE.matcher(line).find()
                    && expected.stream().noneMatch(pattern -> pattern.matcher(line).find())) {
                problems.add("undeclared error in the log: " + line);
            }
        }
    }

    private void deleteDirectory() {
        try (Stream<Path> paths = Files.walk(server.directory())) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            problems.add("cannot delete " + server.directory() + ": " + e);
        }
    }
}
