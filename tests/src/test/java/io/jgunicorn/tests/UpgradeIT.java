package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Await;
import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Load;
import io.jgunicorn.testkit.ProcessTree;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** USR2: another master takes over, without a request lost. */
@Tag("product") // gunicorn closes kept-alive connections unannounced
class UpgradeIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    private static ServerProcess serving(String... options) {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .args("--pid", "app.pid", "--bind", "unix:app.sock")
                                .args(options)
                                .expecting("The new master"));
        server.awaitReady(1);
        return server;
    }

    private static Path file(ServerProcess server, String name) {
        return server.directory().resolve(name);
    }

    /** 0 while there is no such file. */
    private static long pidIn(Path file) {
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (NoSuchFileException _) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends USR2 and waits until the new master serves; its pid. */
    private static long upgrade(ServerProcess server) {
        int mark = server.log().mark();
        server.signal("USR2");
        server.awaitLineAfter(mark, "\\[INFO\\] Handling signal: usr2$");
        server.awaitLineAfter(mark, "Worker ready after");
        return pidIn(file(server, "app.pid.2"));
    }

    private static void awaitEnd(long pid) {
        Await.until("process " + pid + " to end", PATIENCE, () -> !ProcessTree.isAlive(pid));
    }

    private static long workerAt(SocketAddress address) throws IOException {
        try (RawHttp client = RawHttp.connect(address)) {
            return Long.parseLong(client.get("/").body());
        }
    }

    @Test
    void newMasterBootsAsManyWorkersAsTheLoadHasAskedFor() {
        ServerProcess server = serving("-w", "1", "--max-workers", "3");
        int mark = server.log().mark();
        server.signal("TTIN");
        server.awaitLineAfter(mark, "Worker ready after");

        long fresh = upgrade(server);

        Await.until("two workers", PATIENCE, () -> ProcessTree.children(fresh).size() == 2);
        ProcessTree.signal("TERM", List.of(fresh));
        awaitEnd(fresh);
    }

    @Test
    void newMasterTakesOverWithoutAFailedRequest() throws IOException {
        ServerProcess server = serving();
        Path unix = file(server, "app.sock");
        SocketAddress tcp = server.address();
        Set<Long> oldWorkers = server.workers();

        try (Load overTcp = Load.untilStopped(tcp, "/", 4);
                Load overUnix = Load.untilStopped(UnixDomainSocketAddress.of(unix), "/", 4)) {
            overTcp.awaitAnswers(100, PATIENCE);
            long fresh = upgrade(server);
            assertThat(fresh).isNotEqualTo(server.pid());
            assertThat(pidIn(file(server, "app.pid"))).isEqualTo(server.pid());

            server.signal("TERM");
            awaitEnd(server.pid());
            server.awaitLine("\\[" + fresh + "\\] \\[INFO\\] Master has been promoted\\.$");
            Await.until(
                    "the only pidfile to be the new master's",
                    PATIENCE,
                    () ->
                            pidIn(file(server, "app.pid")) == fresh
                                    && Files.notExists(file(server, "app.pid.2")));
            overTcp.awaitAnswers(100, PATIENCE);
            overUnix.awaitAnswers(100, PATIENCE);

            assertThat(overTcp.stop().failures()).isEmpty();
            assertThat(overUnix.stop().failures()).isEmpty();
            assertThat(oldWorkers).doesNotContain(workerAt(tcp));
            assertThat(oldWorkers).doesNotContain(workerAt(UnixDomainSocketAddress.of(unix)));

            ProcessTree.signal("TERM", List.of(fresh));
            awaitEnd(fresh);
        }
        assertThat(unix).doesNotExist();
        assertThat(file(server, "app.pid")).doesNotExist();
    }

    @Test
    void newMasterThatIsStoppedLeavesTheOldOneAsItWas() throws IOException {
        ServerProcess server = serving();
        long fresh = upgrade(server);
        int mark = server.log().mark();

        server.signal("USR2");
        server.awaitLineAfter(mark, "\\[WARNING\\] USR2 signal ignored\\. Child exists\\.$");
        server.signal("WINCH");
        server.awaitLineAfter(mark, "\\[INFO\\] graceful stop of workers$");
        server.awaitThat("the old workers to go", () -> server.workers().isEmpty());
        assertThat(server.get("/").isOk()).as("the new master serves").isTrue();
        server.signal("HUP");
        server.awaitThat("an old worker to be back", () -> server.workers().size() == 1);
        server.awaitLineAfter(mark, "Worker ready after");

        ProcessTree.signal("TERM", List.of(fresh));
        awaitEnd(fresh);
        server.awaitLineAfter(
                mark,
                "The new master \\(pid:" + fresh + "\\) ended with status 0, this one goes on");

        assertThat(file(server, "app.pid.2")).doesNotExist();
        server.awaitLineAfter(
                mark, "\\[" + server.pid() + "\\] \\[INFO\\] Control socket listening");
        assertThat(server.workers())
                .contains(workerAt(UnixDomainSocketAddress.of(file(server, "app.sock"))));
        long another = upgrade(server);
        assertThat(another).isNotEqualTo(fresh);
        ProcessTree.signal("TERM", List.of(another));
        server.awaitLine("The new master \\(pid:" + another + "\\) ended with status 0");
    }

    @Test
    void newMasterThatCannotStartChangesNothing() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .file("gunicorn.conf.py", "workers = 1\n")
                                .expecting("The new master", "Error"));
        server.awaitReady(1);
        Files.writeString(file(server, "gunicorn.conf.py"), "workers = 'many'\n");

        server.signal("USR2");
        server.awaitLine("The new master \\(pid:\\d+\\) ended with status 1, this one goes on$");

        assertThat(server.get("/").isOk()).isTrue();
    }
}
