package io.jgunicorn.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** An IPv6 loopback address. */
    public static void ipv6() {
        that(Files.exists(Path.of("/proc/net/if_inet6")), "there is no IPv6 here");
    }

    static void that(boolean fact, String otherwise) {
        if (!fact && !System.getenv().getOrDefault("CI", "").isEmpty()) {
            throw new AssertionError(otherwise);
        }
        Assumptions.assumeTrue(fact, otherwise);
    }
}
