package io.jgunicorn.testkit;

import com.sun.security.auth.module.UnixSystem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs from the machine. Where {@code CI} is set, a missing thing fails the test: a
 * skipped test proves nothing. Elsewhere it is skipped with the reason.
 */
public final class Need {
    private Need() {}

    /** A program on the PATH, or where system programs are. */
    public static Path program(String name) {
        Optional<Path> found =
                Stream.concat(
                                Stream.of(
                                        System.getenv()
                                                .getOrDefault("PATH", "")
                                                .split(File.pathSeparator)),
                                Stream.of("/usr/sbin", "/sbin"))
                        .map(folder -> Path.of(folder, name))
                        .filter(Files::isExecutable)
                        .findFirst();
        that(found.isPresent(), name + " is not installed");
        return found.orElseThrow();
    }

    /**
     * A shared library of the system's.
     *
     * @param name its path below {@code /usr/lib/ARCHITECTURE}
     */
    public static Path library(String name) throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("/usr/lib"))) {
            Optional<Path> found =
                    folders.map(folder -> folder.resolve(name)).filter(Files::exists).findFirst();
            that(found.isPresent(), name + " is not installed");
            return found.orElseThrow();
        }
    }

    /** An IPv6 loopback address. */
    public static void ipv6() {
        that(Files.exists(Path.of("/proc/net/if_inet6")), "there is no IPv6 here");
    }

    /** The right of root, for example to start processes as somebody else. */
    public static void root() {
        that(new UnixSystem().getUid() == 0, "not run by root");
    }

    /**
     * A namespace of its own for the server. Skipped wherever there can be none, as in a container
     * without privileges.
     *
     * @param unshare the command that makes it, without the program to run in it
     */
    public static String[] namespace(String... unshare) {
        List<String> trial = new ArrayList<>(List.of(unshare));
        trial.add("true");
        try {
            int status = new ProcessBuilder(trial).start().onExit().join().exitValue();
            Assumptions.assumeTrue(status == 0, String.join(" ", unshare) + " is not allowed here");
        } catch (IOException e) {
            Assumptions.abort(e.getMessage());
        }
        return unshare;
    }

    static void that(boolean fact, String otherwise) {
        if (!fact && !System.getenv().getOrDefault("CI", "").isEmpty()) {
            throw new AssertionError(otherwise);
        }
        Assumptions.assumeTrue(fact, otherwise);
    }
}
