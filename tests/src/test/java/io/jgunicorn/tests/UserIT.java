package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Need;
import io.jgunicorn.testkit.ProcessTree;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Started by root, the workers run as somebody else ({@code user}, {@code group}). */
@Tag("product") // gunicorn leaves workers the groups of root, or takes groups without the group
class UserIT {
    private static final int NOBODY = 65534;
    private static final String WHO =
            """
            def app(environ, start_response):
                size = len(environ["wsgi.input"].read())
                with open("/proc/self/status") as status:
                    kept = [line for line in status if line.startswith(("Uid", "Gid", "Groups"))]
                body = ("%d\\n" % size + "".join(kept)).encode()
                start_response("200 OK", [("Content-Length", str(len(body)))])
                return [body]
            """;

    @RegisterExtension static final Servers SERVERS = new Servers();

    @BeforeEach
    void onlyRootCan() {
        Need.root();
    }

    private static int owner(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:uid");
    }

    private static Launch asNobody() {
        return Launch.spec("who:app")
                .file("who.py", WHO)
                .inOpenDirectory()
                .args("--user", "" + NOBODY, "--group", "" + NOBODY);
    }

    @Test
    void workersHaveTheUserAndNoGroupButTheirOwn() throws IOException {
        ServerProcess server = SERVERS.start(asNobody());
        server.awaitReady(1);

        try (RawHttp client = server.connect()) {
            String large = "x".repeat(3 << 20); // waits in a file
            assertThat(client.request("POST", "/", large).body())
                    .startsWith((3 << 20) + "\n")
                    .containsPattern("Uid:(\\s+65534){4}\n")
                    .containsPattern("Gid:(\\s+65534){4}\n")
                    .containsPattern("Groups:\\s+65534 *\n");
        }
        assertThat(owner(Path.of("/proc", "" + server.pid()))).isZero();
        assertThat(owner(Path.of("/proc", "" + server.workers().iterator().next())))
                .isEqualTo(NOBODY);
    }

    @Test
    void workersHaveTheGroupsOfTheirUserIfAsked() throws IOException {
        Need.namespace("unshare", "-m");
        String oneMoreGroup =
                "cp /etc/group group && echo jgunicorn-it:x:65000:nobody >> group"
                        + " && mount --bind group /etc/group && exec \"$@\"";
        ServerProcess server =
                SERVERS.start(
                        asNobody()
                                .args("--initgroups")
                                .under("unshare", "-m", "sh", "-c", oneMoreGroup, "sh"));
        server.awaitReady(1);

        assertThat(server.get("/").body())
                .containsPattern("Uid:(\\s+65534){4}\n")
                .containsPattern("Gid:(\\s+65534){4}\n")
                .containsPattern("Groups:\\s+65000 65534 *\n");
    }

    @Test
    void folderThatTheUserCannotEnterIsNamed() {
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("who:app")
                                .file("who.py", WHO)
                                .args("--user", "" + NOBODY, "--group", "" + NOBODY)
                                .expecting("\\[ERROR\\]"));

        assertThat(server.awaitExit()).isEqualTo(3);
        server.awaitLine(
                "Can't run as user 65534 and group 65534: the folder '"
                        + server.directory()
                        + "' cannot be entered$");
    }

    @Test
    void userAloneLeavesTheGroupOfRootAndSaysSo() {
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("who:app")
                                .file("who.py", WHO)
                                .inOpenDirectory()
                                .args("--user", "" + NOBODY)
                                .expecting("user is set and group is not"));
        server.awaitReady(1);

        server.awaitLine(
                "\\[WARNING\\] user is set and group is not: workers keep the group of root");
        assertThat(server.get("/").body())
                .containsPattern("Uid:(\\s+65534){4}\n")
                .containsPattern("Gid:(\\s+0){4}\n");
    }

    @Test
    void logsAndSocketAreTheWorkersAndUsr1ReopensTheLogs() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        asNobody()
                                .unbound()
                                .args("--bind", "unix:app.sock")
                                .args("--access-logfile", "access.log"));
        server.awaitReady(1);
        Path access = server.directory().resolve("access.log");
        assertThat(owner(server.directory().resolve("app.sock"))).isEqualTo(NOBODY);
        assertThat(owner(access)).isEqualTo(NOBODY);

        Files.move(access, server.directory().resolve("access.log.1"));
        server.signal("USR1");
        server.awaitThat(
                "lines in the new file",
                () -> server.get("/").isOk() && Files.exists(access) && size(access) > 0);
        assertThat(owner(access)).isEqualTo(NOBODY);
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    @Test
    void reloadedWorkersHaveTheUserToo() {
        ServerProcess server = SERVERS.start(asNobody());
        server.awaitReady(1);
        int mark = server.log().mark();

        server.signal("HUP");
        server.log().await(mark, "Worker exiting|Worker ready after", 2, PATIENCE);

        assertThat(server.get("/").body()).containsPattern("Uid:(\\s+65534){4}\n");
    }

    private static Launch configured(String config) {
        return Launch.spec("who:app")
                .file("who.py", WHO)
                .file("gunicorn.conf.py", config)
                .inOpenDirectory()
                .unbound()
                .args("--access-logfile", "access.log");
    }

    @Test
    void socketAndLogsFollowTheUserOfAReload() throws IOException {
        ServerProcess server =
                SERVERS.start(configured(runningAs(NOBODY)).args("--bind", "unix:app.sock"));
        server.awaitReady(1);
        assertOwner(server, NOBODY);

        for (int user : List.of(NOBODY - 1, 0)) {
            int mark = server.log().mark();
            Files.writeString(server.directory().resolve("gunicorn.conf.py"), runningAs(user));
            server.signal("HUP");
            server.log().await(mark, "Worker exiting|Worker ready after", 2, PATIENCE);

            assertThat(server.get("/").body()).containsPattern("Uid:(\\s+" + user + "){4}\n");
            assertOwner(server, user);
        }
    }

    @Test
    void socketAndLogsReturnToTheUserThatStaysWhenAReloadFails() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        configured(runningAs(NOBODY))
                                .args("--bind", "unix:app.sock")
                                .expecting("\\[ERROR\\]", "Traceback"));
        server.awaitReady(1);
        Path config = server.directory().resolve("gunicorn.conf.py");
        Path code = server.directory().resolve("who.py");

        Files.writeString(config, runningAs(NOBODY - 1));
        Files.writeString(code, "raise ValueError('broken')\n");
        server.signal("HUP");
        server.awaitLine("Reload failed, the running workers stay: ");

        assertOwner(server, NOBODY);
        Files.writeString(code, WHO);
        int mark = server.log().mark();
        ProcessTree.signal("KILL", server.workers());
        server.awaitLineAfter(mark, "Worker ready after");
        assertThat(server.get("/").body()).containsPattern("Uid:(\\s+65534){4}\n");
    }

    private static void assertOwner(ServerProcess server, int user) throws IOException {
        for (String name : List.of("app.sock", "access.log")) {
            Path file = server.directory().resolve(name);
            assertThat(owner(file)).as(name).isEqualTo(user);
            assertThat(Files.getAttribute(file, "unix:gid")).as(name).isEqualTo(user);
        }
    }

    @Test
    void reloadThatCannotBindGivesNothingAway() throws IOException {
        String bound = "bind = ['unix:app.sock']\n";
        ServerProcess server =
                SERVERS.start(configured(runningAs(NOBODY) + bound).expecting("\\[ERROR\\]"));
        server.awaitReady(1);

        Files.writeString(
                server.directory().resolve("gunicorn.conf.py"),
                runningAs(NOBODY - 1) + "bind = ['unix:app.sock', 'unix:none/x.sock']\n");
        server.signal("HUP");
        server.awaitLine("Reload failed, nothing has changed: ");

        assertOwner(server, NOBODY);
    }

    private static String runningAs(int user) {
        return "user = group = " + user + "\n";
    }
}
