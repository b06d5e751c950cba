package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Await;
import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Need;
import io.jgunicorn.testkit.ProcessTree;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code -D}: the command returns, the server goes on without it. */
@Tag("product") // gunicorn returns before it knows whether it can start
class DaemonIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    private static final Pattern LISTENING =
            Pattern.compile("\\[INFO\\] Listening at: http://127\\.0\\.0\\.1:(\\d+) \\((\\d+)\\)");

    /** What the foreground command of a start that succeeded left behind. */
    private record Started(ServerProcess command, String log) {
        static Started by(Launch launch, String log) {
            ServerProcess command = SERVERS.start(launch.args("-D", "--pid", "app.pid"));
            assertThat(command.awaitExit()).as(() -> command.log().all()).isZero();
            return new Started(command, log);
        }

        Path file(String name) {
            return command.directory().resolve(name);
        }

        String text(String name) {
            try {
                return Files.readString(file(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        long pid() {
            return Long.parseLong(text("app.pid").strip());
        }

        long worker() throws IOException {
            Matcher line = LISTENING.matcher(text(log));
            assertThat(line.find()).as(text(log)).isTrue();
            int port = Integer.parseInt(line.group(1));
            InetAddress host = InetAddress.getLoopbackAddress();
            try (RawHttp http = RawHttp.connect(new InetSocketAddress(host, port))) {
                return Long.parseLong(http.get("/").body());
            }
        }

        void stop() {
            long pid = pid();
            ProcessTree.signal("TERM", List.of(pid));
            awaitEnd(pid);
            assertThat(file("app.pid")).doesNotExist();
        }
    }

    private static void awaitEnd(long pid) {
        Await.until("process " + pid + " to end", PATIENCE, () -> !ProcessTree.isAlive(pid));
    }

    /** Session, terminal and standard streams of a process, as the kernel has them. */
    private static List<String> ties(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return List.of(
                "session " + fields[3],
                "terminal " + fields[4],
                stream(pid, 0),
                stream(pid, 1),
                stream(pid, 2));
    }

    private static String stream(long pid, int descriptor) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + descriptor)).toString();
    }

    private static Launch onATerminal(Launch launch) {
        Need.program("script");
        return launch.under("sh", "-c", "exec script -qec \"$*\" /dev/null", "sh");
    }

    @Test
    void daemonServesFromASessionOfItsOwnWithoutATerminal() throws IOException {
        Started server =
                Started.by(
                        onATerminal(Launch.app("pid:app")).args("--error-logfile", "error.log"),
                        "error.log");
        long pid = server.pid();
        long worker = server.worker();

        assertThat(server.command().log().texts()).isEmpty();
        assertThat(server.text("error.log"))
                .contains("127.0.0.1:")
                .contains("(" + pid + ")")
                .contains("Worker ready after");
        String nowhere = "/dev/null";
        assertThat(ties(pid))
                .containsExactly("session " + pid, "terminal 0", nowhere, nowhere, nowhere);
        assertThat(ties(worker))
                .containsExactly("session " + pid, "terminal 0", nowhere, nowhere, nowhere);
        assertThat(ProcessTree.children(pid)).containsExactly(worker);
        assertThat(Files.readString(Path.of("/proc/" + worker + "/status")))
                .containsPattern("Umask:\\s+0022\n");

        server.stop();
        assertThat(server.text("error.log")).endsWith("Shutting down: Master\n");
    }

    @Test
    void outputThatIsAFileIsKeptIfAsked() throws IOException {
        Started server =
                Started.by(
                        Launch.app("pid:app")
                                .under("sh", "-c", "exec \"$@\" >out.log 2>&1", "sh")
                                .args("--enable-stdio-inheritance"),
                        "out.log");
        String out = server.file("out.log").toString();

        assertThat(ties(server.pid())).endsWith("/dev/null", out, out);
        assertThat(ties(server.worker())).endsWith("/dev/null", out, out);
        server.stop();
        assertThat(server.text("out.log")).endsWith("Shutting down: Master\n");
    }

    @Test
    void terminalIsNotKeptEvenIfAsked() throws IOException {
        Started server =
                Started.by(
                        onATerminal(Launch.app("pid:app"))
                                .args("--enable-stdio-inheritance")
                                .args("--error-logfile", "error.log"),
                        "error.log");

        assertThat(ties(server.pid())).endsWith("/dev/null", "/dev/null", "/dev/null");
        assertThat(ties(server.worker())).endsWith("/dev/null", "/dev/null", "/dev/null");
        server.stop();
    }

    @Test
    void addressInUseIsToldToWhoeverGaveTheCommand() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            ServerProcess server =
                    SERVERS.start(
                            Launch.app("pid:app")
                                    .unbound()
                                    .args("-D", "-b", address, "--error-logfile", "error.log")
                                    .expecting("Error: "));

            assertThat(server.awaitExit()).isEqualTo(1);
            server.awaitLine("^Error: connection to .* failed: .* Address already in use$");
            server.awaitLine("^Error: the server did not start; its log is .*/error\\.log\\.$");
        }
    }

    @Test
    void addressInUseIsToldWithoutALogToo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            ServerProcess server =
                    SERVERS.start(
                            Launch.app("pid:app")
                                    .unbound()
                                    .args("-D", "-b", address)
                                    .expecting("\\[ERROR\\]"));

            assertThat(server.awaitExit()).isEqualTo(1);
            server.awaitLine("\\[ERROR\\] Connection in use: \\('127\\.0\\.0\\.1', \\d+\\)$");
        }
    }

    @Test
    void applicationThatCannotBeLoadedIsToldToWhoeverGaveTheCommand() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("raises_at_import:app")
                                .args("-D")
                                .expecting("\\[ERROR\\]", "Traceback"));

        assertThat(server.awaitExit()).isEqualTo(3);
        server.awaitLine("^Traceback \\(most recent call last\\)");
        server.awaitLine("Reason: Worker failed to boot\\.$");
    }

    @Test
    void workersThatDieAsTheyBootEndTheStartAndAreTold() {
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("dies:app")
                                .file("dies.py", "import os\nos.kill(os.getpid(), 9)\n")
                                .args("-D", "--error-logfile", "error.log", "--pid", "app.pid")
                                .expecting("Error: "));

        assertThat(server.awaitExit()).isEqualTo(3);
        server.awaitLine(
                "^Error: 3 workers have ended before one was ready, the last: Worker \\(pid:\\d+\\)"
                        + " was sent SIGKILL! ");
        server.awaitLine("^Error: the server did not start; its log is .*/error\\.log\\.$");
        assertThat(server.directory().resolve("app.pid")).doesNotExist();
    }

    @Test
    void commandThatIsInterruptedTakesTheDaemonAlong() {
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("slow:app")
                                .file("slow.py", "import threading\nthreading.Event().wait()\n")
                                .args("-D", "--error-logfile", "error.log"));
        Path log = server.directory().resolve("error.log");
        server.awaitThat(
                "the worker to boot",
                () -> {
                    try {
                        return Files.exists(log)
                                && Files.readString(log).contains("Booting worker with pid");
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });

        server.signal("INT");

        assertThat(server.awaitExit()).isEqualTo(1);
        server.awaitLine(
                "^Error: the server was stopped before it was ready; its log is .*/error\\.log\\.$");
    }

    @Test
    void usr2StartsAnotherMasterInTheSameSession() throws IOException {
        Started server =
                Started.by(
                        Launch.app("pid:app")
                                .file("gunicorn.conf.py", "daemon = True\n")
                                .args("--error-logfile", "error.log"),
                        "error.log");
        long old = server.pid();

        ProcessTree.signal("USR2", List.of(old));
        Await.until(
                "the new master to serve",
                PATIENCE,
                () -> server.text("error.log").split("Worker ready after", -1).length == 3);
        ProcessTree.signal("TERM", List.of(old));
        awaitEnd(old);
        Await.until(
                "the pidfile to be the new master's",
                PATIENCE,
                () -> Files.exists(server.file("app.pid")) && server.pid() != old);

        assertThat(ProcessTree.children(server.pid())).containsExactly(server.worker());
        assertThat(ties(server.pid()))
                .containsExactly(
                        "session " + old, "terminal 0", "/dev/null", "/dev/null", "/dev/null");
        server.stop();
    }

    @Test
    void socketsOfAServiceManagerAreRefusedBecauseADaemonDoesNotGetThem() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app")
                                .args("-D")
                                .under(
                                        "sh",
                                        "-c",
                                        "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$@\" 3</dev/null",
                                        "sh"));

        assertThat(server.awaitExit()).isEqualTo(1);
        server.awaitLine("^Error: daemon cannot be used with sockets passed by LISTEN_FDS, ");
    }
}
