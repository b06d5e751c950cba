package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Await;
import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Need;
import io.jgunicorn.testkit.NotifySocket;
import io.jgunicorn.testkit.NotifySocket.Message;
import io.jgunicorn.testkit.ProcessTree;
import io.jgunicorn.testkit.Product;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What systemd and the server have to say to each other; no systemd has to run for it. */
@Tag("product") // gunicorn says READY=1 before there is a worker, and nothing later
class SystemdIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    /** Loads when the file "hold" is gone; answers the names of its environment variables. */
    private static final String HELD_APP =
            """
            import os
            import time

            while os.path.exists("hold"):
                time.sleep(0.02)

            def app(environ, start_response):
                body = " ".join(sorted(os.environ)).encode()
                start_response("200 OK", [("Content-Length", str(len(body)))])
                return [body]
            """;

    @Test
    void serverIsReadyWithItsFirstWorkerAndStopsWithAWord() throws IOException {
        try (NotifySocket systemd = NotifySocket.open()) {
            ServerProcess server =
                    SERVERS.start(
                            heldApp(systemd)
                                    .file("hold", "")
                                    .env("WATCHDOG_USEC", "60000000")
                                    .env("LISTEN_PID", "1")
                                    .env("LISTEN_FDS", "1")
                                    .env("LISTEN_FDNAMES", "http")
                                    .args("-w", "2"));
            server.awaitLine("Listening at: http://127.0.0.1:");
            server.awaitLine("is still booting after 5 s$");
            systemd.await("STATUS=Booting, 0 of 2 workers ready");
            assertThat(systemd.messages()).noneMatch(message -> message.says("READY=1"));

            release(server);
            Message ready = systemd.await("READY=1");
            assertThat(ready.sender()).isEqualTo(server.pid());
            assertThat(ready.value("STATUS")).isEqualTo("Serving, 1 of 2 workers ready");
            systemd.await("STATUS=Serving, 2 of 2 workers ready");
            assertThat(server.get("/").body().split(" "))
                    .contains("PATH")
                    .doesNotContain(
                            "NOTIFY_SOCKET",
                            "WATCHDOG_USEC",
                            "LISTEN_PID",
                            "LISTEN_FDS",
                            "LISTEN_FDNAMES");

            server.signal("TERM");
            assertThat(systemd.await("STOPPING=1").value("STATUS"))
                    .isEqualTo("Stopping, 2 workers left");
            assertThat(server.awaitExit()).isZero();
        }
    }

    @Test
    void reloadBeginsWithTheTimeAndEndsReadyWhetherOrNotTheNewCodeLoads() throws IOException {
        try (NotifySocket systemd = NotifySocket.open()) {
            ServerProcess server =
                    SERVERS.start(
                            Launch.spec("app:app")
                                    .file("app.py", answering("old"))
                                    .env("NOTIFY_SOCKET", systemd.address())
                                    .expecting("\\[ERROR\\]", "Traceback"));
            Message ready = systemd.await("READY=1");

            Files.writeString(server.directory().resolve("app.py"), answering("new"));
            server.signal("HUP");
            Message begun = systemd.await("RELOADING=1");
            assertThat(Long.parseLong(begun.value("MONOTONIC_USEC")))
                    .as("on the clock that the receiver reads")
                    .isBetween(ready.micros(), begun.micros());
            systemd.await("STATUS=Reloading, 0 of 1 new worker ready");
            assertThat(systemd.await("READY=1").value("STATUS"))
                    .isEqualTo("Serving, 1 of 1 worker ready");
            server.awaitThat("the new code", () -> server.get("/").body().equals("new"));

            Files.writeString(
                    server.directory().resolve("app.py"), "raise RuntimeError('half written')\n");
            server.signal("HUP");
            systemd.await("RELOADING=1");
            assertThat(systemd.await("READY=1").value("STATUS"))
                    .isEqualTo(
                            "Serving, 1 of 1 worker ready; the last reload failed: RuntimeError:"
                                    + " half written");
            assertThat(server.get("/").body()).isEqualTo("new");
        }
    }

    @Test
    void watchdogIsFedWhileAWorkerIsReadyAndNotWithoutOne() throws IOException {
        try (NotifySocket systemd = NotifySocket.open()) {
            ServerProcess server =
                    SERVERS.start(
                            heldApp(systemd)
                                    .env("WATCHDOG_USEC", "1000000")
                                    .under("sh", "-c", "WATCHDOG_PID=$$ exec \"$@\"", "sh")
                                    .expecting("was sent SIGKILL!"));
            systemd.await("READY=1");
            Message first = systemd.await("WATCHDOG=1");
            Message second = systemd.await("WATCHDOG=1");
            assertThat(second.micros() - first.micros()).isBetween(400_000L, 1_000_000L);

            hold(server);
            ProcessTree.signal("KILL", server.workers());
            Message lost = systemd.await("STATUS=Not serving, 0 of 1 worker ready");
            Await.never(
                    "a keep-alive without a worker",
                    Duration.ofSeconds(3),
                    () -> fedAfter(lost.micros(), systemd));

            release(server);
            systemd.await("STATUS=Serving, 1 of 1 worker ready");
            systemd.await("WATCHDOG=1");
        }
    }

    @Test
    void watchdogIsNotFedByALoopThatHangs() throws IOException {
        try (NotifySocket systemd = NotifySocket.open()) {
            ServerProcess server =
                    SERVERS.start(
                            Launch.app("hello:app")
                                    .file(
                                            "gunicorn.conf.py",
                                            """
                                            import os
                                            import time

                                            workers = 2

                                            def child_exit(server, worker):
                                                server.log.info("hangs at %d", time.monotonic_ns() // 1000)
                                                while os.path.exists("hold"):
                                                    time.sleep(0.02)
                                            """)
                                    .env("NOTIFY_SOCKET", systemd.address())
                                    .env("WATCHDOG_USEC", "1000000")
                                    .expecting("was sent SIGKILL!"));
            systemd.await("STATUS=Serving, 2 of 2 workers ready");
            systemd.await("WATCHDOG=1");

            hold(server);
            ProcessTree.signal("KILL", List.of(server.workers().iterator().next()));
            long hangs = Long.parseLong(server.awaitLine("hangs at (\\d+)$").group(1));
            Await.never(
                    "a keep-alive from a loop that hangs",
                    Duration.ofSeconds(3),
                    () -> fedAfter(hangs + 100_000, systemd));
            assertThat(server.get("/").isOk()).as("the other worker serves").isTrue();

            release(server);
            systemd.await("STATUS=Serving, 2 of 2 workers ready");
            systemd.await("WATCHDOG=1");
        }
    }

    @Test
    void socketsOfSystemdAreServedInPlaceOfBindAndOutliveTheServer(@TempDir Path folder)
            throws IOException {
        Path file = folder.resolve("app.sock");
        InetSocketAddress tcp = loopback();
        String shown = tcp.getAddress().getHostAddress() + ":" + tcp.getPort();
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .args("-w", "2", "-b", "unix:unused.sock")
                                .under(
                                        Need.program("systemd-socket-activate").toString(),
                                        "--listen=" + shown,
                                        "--listen=" + file,
                                        "--setenv=" + ServerProcess.MARKER));
        server.awaitLine("Listening on " + file + " as 4");
        try (RawHttp early = RawHttp.connect(tcp)) { // starts the server, as it would by systemd
            early.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            server.awaitLine(
                    "\\[INFO\\] Listening at: http://%s,unix:%s \\(%d\\)$"
                            .formatted(shown, file, server.pid()));
            assertThat(early.read().isOk()).isTrue();
        }
        server.awaitReady(2);
        assertThat(server.directory().resolve("unused.sock")).doesNotExist();
        Set<Long> before = server.workers();
        assertThat(worker(tcp)).isIn(before);
        assertThat(worker(UnixDomainSocketAddress.of(file))).isIn(before);

        server.signal("HUP");
        server.awaitThat(
                "two new workers",
                () -> {
                    Set<Long> now = server.workers();
                    return now.size() == 2 && now.stream().noneMatch(before::contains);
                });
        assertThat(worker(tcp)).isNotIn(before);
        assertThat(worker(UnixDomainSocketAddress.of(file))).isNotIn(before);
        assertThat(server.log().matching(0, "Listening at: ")).hasSize(1);

        server.signal("TERM");
        assertThat(server.awaitExit()).isZero();
        assertThat(file).exists();
    }

    @Test
    void descriptorThatBindNamesIsServed() throws IOException {
        InetSocketAddress tcp = loopback();
        String shown = tcp.getAddress().getHostAddress() + ":" + tcp.getPort();
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .unbound()
                                .file("gunicorn.conf.py", "bind = 'fd://3'\n")
                                .under(
                                        Need.program("systemd-socket-activate").toString(),
                                        "--listen=" + shown,
                                        "--setenv=" + ServerProcess.MARKER,
                                        "env",
                                        "--unset=LISTEN_PID",
                                        "--unset=LISTEN_FDS"));
        server.awaitLine("Listening on " + shown + " as 3");
        try (RawHttp early = RawHttp.connect(tcp)) { // starts the server
            early.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            server.awaitLine(
                    "\\[INFO\\] Listening at: http://%s \\(%d\\)$".formatted(shown, server.pid()));
            assertThat(early.read().isOk()).isTrue();
        }
        Set<Long> before = server.workers();
        assertThat(worker(tcp)).isIn(before);

        server.signal("HUP");
        server.awaitThat(
                "a new worker",
                () -> {
                    Set<Long> now = server.workers();
                    return now.size() == 1 && now.stream().noneMatch(before::contains);
                });
        assertThat(worker(tcp)).isNotIn(before);

        int mark = server.log().mark();
        server.signal("USR2");
        server.awaitLineAfter(mark, "Worker ready after");
        String line =
                server.awaitLineAfter(mark, "Listening at: http://" + shown + " \\((\\d+)\\)$")
                        .group(1);
        long fresh = Long.parseLong(line);
        server.signal("TERM");
        assertThat(server.awaitExit()).isZero();
        assertThat(ProcessTree.children(fresh)).contains(worker(tcp));

        Files.writeString(
                server.directory().resolve("gunicorn.conf.py"), "bind = 'unix:other.sock'\n");
        ProcessTree.signal("HUP", List.of(fresh));
        Path other = server.directory().resolve("other.sock");
        Await.until("the other socket", PATIENCE, () -> Files.exists(other));
        ProcessTree.signal("TERM", List.of(fresh));
        Await.until("the new master to end", PATIENCE, () -> !ProcessTree.isAlive(fresh));
    }

    @Test
    void descriptorThatBindNamesAndNobodyPassedEndsTheStartWithASentence() {
        ServerProcess server =
                SERVERS.start(Launch.app("hello:app").unbound().args("--bind", "fd://3"));

        assertThat(server.awaitExit()).isEqualTo(1);
        server.awaitLine("^Error: descriptor 3, named in bind, is not open\\.$");
    }

    @Test
    void descriptorThatIsNoSocketEndsTheStartWithASentence() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app")
                                .under(
                                        "sh",
                                        "-c",
                                        "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$@\" 3</dev/null",
                                        "sh"));

        assertThat(server.awaitExit()).isEqualTo(1);
        server.awaitLine(
                "^Error: descriptor 3, passed by LISTEN_FDS, is /dev/null, not a socket\\.$");
    }

    @Test
    void unitFilesAreUnderstoodBySystemd(@TempDir Path folder) throws Exception {
        Path launcher = Path.of(Product.underTest().command().getFirst());
        Path units = launcher.resolve("../../systemd").normalize();
        for (String name : List.of("jgunicorn.service", "jgunicorn.socket")) {
            String text = Files.readString(units.resolve(name));
            Files.writeString(
                    folder.resolve(name),
                    text.replace("/opt/jgunicorn/bin/jgunicorn", "" + launcher));
        }
        assertThat(complaints(folder)).isEmpty();

        Path service = folder.resolve("jgunicorn.service");
        String mistaken = Files.readString(service).replace("Type=notify\n", "Type=notifies\n");
        Files.writeString(service, mistaken);
        assertThat(complaints(folder)).singleElement().asString().contains("notifies"); // it looks
    }

    private static Launch heldApp(NotifySocket systemd) {
        return Launch.spec("held:app")
                .file("held.py", HELD_APP)
                .env("NOTIFY_SOCKET", systemd.address());
    }

    private static void hold(ServerProcess server) throws IOException {
        Files.createFile(server.directory().resolve("hold"));
    }

    private static void release(ServerProcess server) throws IOException {
        Files.delete(server.directory().resolve("hold"));
    }

    private static String answering(String body) {
        return """
        def app(environ, start_response):
            start_response("200 OK", [("Content-Length", "3")])
            return [b"%s"]
        """
                .formatted(body);
    }

    private static boolean fedAfter(long micros, NotifySocket systemd) {
        return systemd.messages().stream()
                .anyMatch(message -> message.says("WATCHDOG=1") && message.micros() > micros);
    }

    /** An address of this machine that nobody else uses: there are 16 million. */
    private static InetSocketAddress loopback() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String host =
                "127.%d.%d.%d"
                        .formatted(
                                random.nextInt(1, 255),
                                random.nextInt(1, 255),
                                random.nextInt(1, 255));
        return new InetSocketAddress(host, 18_000);
    }

    /** The pid of the worker that answers. */
    private static long worker(SocketAddress address) throws IOException {
        try (RawHttp http = RawHttp.connect(address)) {
            return Long.parseLong(http.get("/").body());
        }
    }

    /** What {@code systemd-analyze verify} says of our unit files in a folder. */
    private static List<String> complaints(Path folder) throws IOException, InterruptedException {
        Process verify =
                new ProcessBuilder(
                                Need.program("systemd-analyze").toString(),
                                "verify",
                                "--man=no",
                                folder.resolve("jgunicorn.service").toString(),
                                folder.resolve("jgunicorn.socket").toString())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(verify.waitFor()).as(output).isZero();
        return output.lines().filter(line -> line.contains("jgunicorn")).toList();
    }
}
