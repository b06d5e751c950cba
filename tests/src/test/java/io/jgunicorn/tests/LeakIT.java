package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Load;
import io.jgunicorn.testkit.ProcessTree;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A master that replaces its workers again and again stays as it was, and one that has ended leaves
 * nothing. {@code -Dleak.replacements=50} and {@code -Dleak.cycles=24} do it so often (8, 3).
 */
@Tag("product")
class LeakIT {
    private static final int REPLACEMENTS = Integer.getInteger("leak.replacements", 8);
    private static final int CYCLES = Integer.getInteger("leak.cycles", 3);
    private static final String EXIT = "Worker exiting \\(pid";

    /** Leaves the processors to the workers that boot. */
    private static final String UNHURRIED = "/?seconds=0.02";

    @RegisterExtension static final Servers SERVERS = new Servers();

    /** What a process holds, apart from memory. */
    private record Holdings(int threads, Map<String, Integer> descriptors) {
        static Holdings of(long pid) {
            Map<String, Integer> descriptors = new TreeMap<>();
            for (Path descriptor : entries(pid, "fd")) {
                descriptors.merge(kind(descriptor), 1, Integer::sum);
            }
            return new Holdings(entries(pid, "task").size(), descriptors);
        }

        private static List<Path> entries(long pid, String folder) {
            try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid, folder))) {
                return entries.toList();
            } catch (IOException e) {
                throw new AssertionError("process " + pid + " is gone", e);
            }
        }

        /** {@code socket}, {@code pipe}, or the path of a file. */
        private static String kind(Path descriptor) {
            try {
                return Files.readSymbolicLink(descriptor).toString().replaceFirst(":\\[.*", "");
            } catch (IOException _) {
                return "closed meanwhile";
            }
        }
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void masterHoldsNoMoreAfterManyReplacementsThanAfterAFew() {
        ServerProcess server =
                SERVERS.start(Launch.app("pid:app").args("-w", "2", "--max-requests", "20"));
        server.awaitReady(2);

        try (Load load = Load.untilStopped(server.address(), UNHURRIED, 4)) {
            server.log().await(0, EXIT, 5, Duration.ofMinutes(4)); // its heap has its size
            load.stop();
        }
        Holdings before = atRest(server);
        long memoryBefore = ProcessTree.residentBytes(server.pid());
        int mark = server.log().mark();
        try (Load load = Load.untilStopped(server.address(), UNHURRIED, 4)) {
            server.log().await(mark, EXIT, REPLACEMENTS, Duration.ofMinutes(8));
            assertThat(load.stop().failures()).isEmpty();
        }

        Holdings after = atRest(server);
        assertThat(after.descriptors()).isEqualTo(before.descriptors());
        assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 2); // the JVM's own
        assertThat(ProcessTree.residentBytes(server.pid()) - memoryBefore)
                .as("growth of the master in bytes")
                .isLessThan(32L << 20);
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void startAndStopAgainAndAgainLeaveNothingBehind() throws IOException {
        Set<Path> before = temporaryFiles();
        for (int i = 0; i < CYCLES; i++) {
            ServerProcess server =
                    SERVERS.start(
                            Launch.app("pid:app")
                                    .unbound()
                                    .args("-b", "unix:app.sock", "-b", "127.0.0.1:0")
                                    .args("-w", "2", "--pid", "app.pid"));
            server.awaitReady(2);
            Set<Path> whileItRan = entries(server.directory());
            server.signal("TERM");

            assertThat(server.awaitExit()).isZero();
            Set<Path> left = entries(server.directory());
            whileItRan.removeAll(left);
            assertThat(whileItRan)
                    .as("what the server made and took away")
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder("app.sock", "app.pid", "gunicorn.ctl");
        }
        assertThat(temporaryFiles()).isEqualTo(before);
    }

    private static Set<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** What programs keep beside the test kit's own folders. */
    private static Set<Path> temporaryFiles() throws IOException {
        Set<Path> files = entries(Path.of(System.getProperty("java.io.tmpdir")));
        files.removeIf(file -> !file.getFileName().toString().startsWith("jgunicorn"));
        files.removeIf(file -> file.getFileName().toString().startsWith("jgunicorn-it-"));
        return files;
    }

    /** With two workers that have nothing to do, and nobody on the way in or out. */
    private static Holdings atRest(ServerProcess server) {
        List<Holdings> last = new ArrayList<>();
        server.awaitThat(
                "two workers and nothing that changes",
                () -> {
                    last.add(Holdings.of(server.pid()));
                    int size = last.size();
                    return server.workers().size() == 2
                            && size > 100 // two seconds
                            && last.subList(size - 100, size).stream().distinct().count() == 1;
                });
        return last.getLast();
    }
}
