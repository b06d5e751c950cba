package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jgunicorn.testkit.Await;
import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Load;
import io.jgunicorn.testkit.Need;
import io.jgunicorn.testkit.ProcessTree;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The surroundings fail: disk, standard streams, descriptors, memory. The server goes on. */
@Tag("product")
class FaultIT {
    private static final String HOARD =
            """
            hoarded = []

            def app(environ, start_response):
                hoarded.append(bytearray(20 << 20))
                start_response("200 OK", [("Content-Length", "2")])
                return [b"ok"]
            """;

    private static final String ORPHANS =
            """
            import os, subprocess

            def states():
                for pid in filter(str.isdigit, os.listdir("/proc")):
                    try:
                        with open(f"/proc/{pid}/stat") as stat:
                            name, rest = stat.read().rsplit(")", 1)
                    except OSError:
                        continue
                    if name.endswith("(sleep"):
                        yield rest.split()[0]

            def app(environ, start_response):
                if environ["PATH_INFO"] == "/make":
                    subprocess.run(["sh", "-c", "sleep 1 >&- 2>&- &"])
                    body = b"made"
                else:
                    found = list(states())
                    zombies = found.count("Z")
                    body = f"{len(found) - zombies} alive, {zombies} zombies".encode()
                start_response("200 OK", [("Content-Length", str(len(body)))])
                return [body]
            """;

    @RegisterExtension static final Servers SERVERS = new Servers();

    /** A server that may have no log to say where it listens. */
    private static ServerProcess serving(Launch launch) {
        ServerProcess server = SERVERS.start(launch.unbound().args("--bind", "unix:app.sock"));
        Await.until("an answer", PATIENCE, () -> answers(server));
        return server;
    }

    private static SocketAddress address(ServerProcess server) {
        return UnixDomainSocketAddress.of(server.directory().resolve("app.sock"));
    }

    private static boolean answers(ServerProcess server) {
        try (RawHttp client = RawHttp.connect(address(server))) {
            return client.get("/").isOk();
        } catch (IOException _) {
            return false;
        }
    }

    private static void killAndAwaitAnother(ServerProcess server, Set<Long> before) {
        ProcessTree.signal("KILL", before);
        server.awaitThat(
                "another worker",
                () ->
                        !server.workers().isEmpty()
                                && Collections.disjoint(server.workers(), before));
    }

    private static void servesAndReplacesWorkers(ServerProcess server) {
        Set<Long> before = server.workers();
        Load.Result result = Load.start(address(server), "/", 4, 500).join(PATIENCE);
        assertThat(result.failures()).isEmpty();
        assertThat(result.statuses()).containsOnlyKeys(200);

        killAndAwaitAnother(server, before);
        Await.until("an answer", PATIENCE, () -> answers(server));
    }

    @Test
    void fullDiskUnderTheLogsStopsNothing() {
        servesAndReplacesWorkers(
                serving(
                        Launch.app("pid:app")
                                .args("--error-logfile", "/dev/full")
                                .args("--access-logfile", "/dev/full")));
    }

    @Test
    void closedStandardStreamsStopNothing() {
        servesAndReplacesWorkers(
                serving(
                        Launch.app("pid:app")
                                .under("sh", "-c", "exec \"$@\" >&- 2>&-", "sh")
                                .args("--access-logfile", "-")));
    }

    @Test
    void clockThatJumpsEndsNothing() throws IOException {
        Path library = Need.library("faketime/libfaketime.so.1");
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .file("clock", "+0\n")
                                .env("LD_PRELOAD", library.toString())
                                .env("FAKETIME_TIMESTAMP_FILE", "clock")
                                .env("FAKETIME_CACHE_DURATION", "1")
                                .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                                .args("--timeout", "5", "--max-worker-lifetime", "3600"));
        server.awaitReady(1);
        Set<Long> workers = server.workers();

        try (Load load = Load.untilStopped(server.address(), "/", 4)) {
            for (int days : new int[] {1, -30, 0}) {
                Files.writeString(server.directory().resolve("clock"), "%+dd\n".formatted(days));
                server.awaitThat("the clock to jump", () -> days == daysFromNow(server));
                load.awaitAnswers(100, PATIENCE);
            }
            assertThat(load.stop().failures()).isEmpty();
        }

        assertThat(server.workers()).isEqualTo(workers);
    }

    /** How far the server's {@code Date} is ahead. */
    private static long daysFromNow(ServerProcess server) {
        Instant date =
                Instant.from(
                        DateTimeFormatter.RFC_1123_DATE_TIME.parse(
                                server.get("/").header("Date").orElseThrow()));
        return Math.round(Duration.between(Instant.now(), date).toHours() / 24.0);
    }

    @Test
    void fewDescriptorsAreEnoughForSomeConnections() {
        servesAndReplacesWorkers(
                serving(
                        Launch.app("pid:app")
                                .under("sh", "-c", "ulimit -n 128; exec \"$@\"", "sh")
                                .expecting("was sent SIGKILL!")));
    }

    @Test
    void temporaryFolderThatCannotBeWrittenIsNotNeededForSmallBodies() throws IOException {
        Need.namespace("unshare", "-m");
        String script = "mount --bind /tmp /tmp && mount -o remount,bind,ro /tmp && exec \"$@\"";
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .under("unshare", "-m", "sh", "-c", script, "sh")
                                .expecting("was sent SIGKILL!"));
        server.awaitReady(1);
        Set<Long> before = server.workers();

        try (RawHttp client = server.connect()) {
            assertThat(client.request("POST", "/", "x".repeat(1000)).isOk()).isTrue();
        }
        killAndAwaitAnother(server, before);
        assertThat(server.get("/").isOk()).isTrue();
    }

    @Test
    void crashOfTheJvmIsNamedWithItsFile() throws IOException {
        ServerProcess server = SERVERS.start(Launch.app("pid:app").expecting("was sent SIGABRT!"));
        server.awaitReady(1);

        ProcessTree.signal("SEGV", server.workers());

        Matcher line =
                server.awaitLine(
                        "\\[WARNING\\] Worker \\(pid:\\d+\\) was sent SIGABRT! Its JVM crashed; see"
                                + " (.+)\\.$");
        Path file = Path.of(line.group(1));
        assertThat(file).content().contains("SIGSEGV");
        Files.delete(file);
    }

    @Test
    void workerThatTheKernelKillsForMemoryIsReportedSo() throws IOException {
        Path group = memoryGroup();
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("hoard:app")
                                .file("hoard.py", HOARD)
                                .under(
                                        "sh",
                                        "-c",
                                        "echo $$ > " + group + "/cgroup.procs && exec \"$@\"",
                                        "sh")
                                .args("--worker-memory", "4G")
                                .expecting("was sent SIGKILL!"));
        try {
            server.awaitReady(1);
            assertThatThrownBy(() -> hoard(server)).isInstanceOf(IOException.class);
            server.awaitLine(
                    "\\[ERROR\\] Worker \\(pid:\\d+\\) was sent SIGKILL! Perhaps out of memory\\? The"
                            + " kernel has killed a process of this control group for lack of memory"
                            + " \\(oom_kill [1-9]\\d* in .+\\)\\.$");
        } finally {
            server.signal("TERM");
            server.awaitExit();
            Await.until("the group to be empty", PATIENCE, () -> group.toFile().delete());
        }
    }

    /** Until the kernel has enough of it. */
    private static void hoard(ServerProcess server) throws IOException {
        try (RawHttp client = server.connect()) {
            for (int i = 0; i < 200; i++) {
                assertThat(client.get("/").isOk()).isTrue();
            }
        }
    }

    /** A group of its own for 1.2 GB, if this process may make one. */
    private static Path memoryGroup() throws IOException {
        String name = "jgunicorn-it-" + ProcessHandle.current().pid();
        for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);
            Path older = Path.of("/sys/fs/cgroup/memory" + parts[2]);
            if (parts[1].equals("memory") && Files.isWritable(older)) {
                Path group = Files.createDirectory(older.resolve(name));
                Files.writeString(group.resolve("memory.limit_in_bytes"), "" + (1200 << 20));
                return group;
            }
        }
        Path root = Path.of("/sys/fs/cgroup");
        Path controllers = root.resolve("cgroup.subtree_control");
        assumeTrue(
                Files.isWritable(root)
                        && Files.exists(controllers)
                        && Files.readString(controllers).contains("memory"),
                "no control group for memory can be made here");
        Path group = Files.createDirectory(root.resolve(name));
        Files.writeString(group.resolve("memory.max"), "" + (1200 << 20));
        return group;
    }

    @Test
    void masterThatIsProcessOneWaitsForOrphans() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("orphans:app")
                                .file("orphans.py", ORPHANS)
                                .under(Need.namespace("unshare", "-p", "-f", "--mount-proc")));
        server.awaitReady(1);
        server.awaitLine("Listening at: .+ \\(1\\)$");

        assertThat(server.get("/make").body()).isEqualTo("made");
        server.awaitThat(
                "the orphan to have ended",
                () -> server.get("/").body().equals("0 alive, 0 zombies"));

        ProcessTree.signal("TERM", ProcessTree.children(server.pid()));
        assertThat(server.awaitExit()).isZero();
    }

    @Test
    void masterThatIsStoppedForAWhileHoldsNothingAgainstItsWorkers() {
        ServerProcess server = SERVERS.start(Launch.app("pid:app").args("--timeout", "2"));
        server.awaitReady(1);
        Set<Long> before = server.workers();

        ProcessTree.signal("STOP", List.of(server.pid()));
        assertThat(server.get("/").isOk()).isTrue();
        Await.never(
                "a worker that ended",
                Duration.ofSeconds(4),
                () -> before.stream().anyMatch(pid -> !ProcessTree.isAlive(pid)));
        ProcessTree.signal("CONT", List.of(server.pid()));

        int mark = server.log().mark();
        server.signal("TTIN");
        server.awaitLineAfter(mark, "Worker ready after");
        assertThat(server.workers()).containsAll(before);
    }
}
