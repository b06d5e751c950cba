package io.jgunicorn.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The server under test: the packaged distribution named by the system property {@code
 * jgunicorn.dist}, or any command named by {@code jgunicorn.command}, such as gunicorn itself,
 * which the log lines and semantics are taken from.
 *
 * @param command the first words of the command line
 * @param ours false for another server: its workers are found as plain children
 * @param judged false for a server to compare with: its log and its exit code are its own matter
 */
public record Product(List<String> command, boolean ours, boolean judged) {
    /** In the command line of a worker until it has its title. */
    private static final String WORKER_CLASS = "io.jgunicorn.worker.WorkerMain";

    private static final String WORKER_TITLE = "gunicorn: worker [";

    public Product {
        command = List.copyOf(command);
    }

    public static Product underTest() {
        String other = System.getProperty("jgunicorn.command", "");
        if (!other.isBlank()) {
            return new Product(List.of(other.strip().split("\\s+")), false, true);
        }
        Path launcher =
                Path.of(System.getProperty("jgunicorn.dist", "../packaging/target/jgunicorn"))
                        .resolve("bin/jgunicorn")
                        .toAbsolutePath()
                        .normalize();
        if (!Files.isExecutable(launcher)) {
            throw new IllegalStateException(
                    "no distribution to test: "
                            + launcher
                            + " is missing; run ./mvnw verify for the whole project, or name one"
                            + " with -Djgunicorn.dist=DIR");
        }
        return new Product(List.of(launcher.toString()), true, true);
    }

    /** Debian's newest gunicorn under the machine's CPython. */
    static Product reference() {
        return new Product(List.of("python3", "-m", "gunicorn"), false, false);
    }

    /** The same server, whose log and exit code are the matter of a test. */
    Product unjudged() {
        return new Product(command, ours, false);
    }

    /** Whether a child of the master with this command line is a worker. */
    boolean isWorker(List<String> commandLine) {
        return !ours
                || commandLine.contains(WORKER_CLASS)
                || (!commandLine.isEmpty() && commandLine.getFirst().startsWith(WORKER_TITLE));
    }
}
