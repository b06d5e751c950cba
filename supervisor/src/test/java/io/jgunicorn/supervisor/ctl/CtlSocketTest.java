package io.jgunicorn.supervisor.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Socket and client together: the client's answer is what the server said. */
@Timeout(30)
class CtlSocketTest {
    @TempDir Path folder;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();

    @AfterEach
    void stopLoop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private CtlSocket open(Path path) throws IOException {
        ErrorLog log = new ErrorLog(LogFile.stderr(), LogLevel.CRITICAL, Clock.systemUTC());
        return CtlSocket.open(path, 0600, group, log, CtlSocketTest::answer);
    }

    private static void answer(CtlCall call) {
        if (call.words().getFirst().equals("fail")) {
            call.fail("as asked");
        } else {
            call.succeed(Map.of("words", call.words(), "rows", List.of(Map.of("name", "a b"))));
        }
    }

    private int ask(Path path, String... words) {
        return new CtlClient(path, out::append, err::append).run(List.of(words));
    }

    private Path path() {
        return folder.resolve("run/gunicorn.ctl");
    }

    @Test
    void commandIsAnsweredForAReader() throws IOException {
        try (CtlSocket _ = open(path())) {
            assertThat(ask(path(), "show", "it's me")).isZero();
        }
        assertThat(out.toString().lines())
                .containsExactlyInAnyOrder("words: show, it's me", "rows:", "  name", "  a b");
        assertThat(err).isEmpty();
    }

    @Test
    void commandIsAnsweredAsJson() throws IOException {
        try (CtlSocket _ = open(path())) {
            assertThat(ask(folder, "-s", path().toString(), "--json", "show")).isZero();
        }
        assertThat(CtlMessages.parse(out.toString()).get("words").getAsString()).isEqualTo("show");
    }

    @Test
    void refusalIsAnError() throws IOException {
        try (CtlSocket _ = open(path())) {
            assertThat(ask(path(), "fail")).isEqualTo(1);
        }
        assertThat(err).hasToString("Error: as asked\n");
    }

    @Test
    void missingServerIsNamed() {
        assertThat(ask(path(), "status")).isEqualTo(1);
        assertThat(err.toString()).startsWith("Error: no server answers at " + path() + ": ");
    }

    @Test
    void wrongCommandLinesAreExplained() {
        assertThat(ask(path())).isEqualTo(2);
        assertThat(err.toString()).endsWith("jgunicorn ctl: a command is missing\n");
        assertThat(ask(path(), "-s")).isEqualTo(2);
        assertThat(err.toString()).endsWith("jgunicorn ctl: -s needs the path of a socket\n");
        assertThat(ask(path(), "--xml", "status")).isEqualTo(2);
        assertThat(err.toString()).endsWith("jgunicorn ctl: unknown option --xml\n");
        assertThat(ask(path(), "--help")).isZero();
        assertThat(out.toString()).startsWith("usage: jgunicorn ctl ").contains(path().toString());
    }

    @Test
    void fileAndFolderAreForTheOwnerOnlyAndTheFileGoesWithTheServer() throws IOException {
        try (CtlSocket _ = open(path())) {
            assertThat(Files.getPosixFilePermissions(path()))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(Files.getPosixFilePermissions(path().getParent()))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
        assertThat(path()).doesNotExist();
    }

    @Test
    void laterServerTakesThePathAndKeepsIt() throws IOException {
        CtlSocket first = open(path());
        try (CtlSocket _ = open(path())) {
            first.close();
            assertThat(ask(path(), "show")).isZero();
        }
    }

    @Test
    void onlyRootAndTheUserOfTheServerAreHeard() {
        assertThat(CtlSocket.isHeard(0, 33)).isTrue();
        assertThat(CtlSocket.isHeard(33, 33)).isTrue();
        assertThat(CtlSocket.isHeard(34, 33)).isFalse();
        assertThat(CtlSocket.isHeard(33, 0)).isFalse();
    }

    @Test
    void fileThatIsNoSocketIsLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("precious"), "x");

        assertThatThrownBy(() -> open(file)).hasMessage("'" + file + "' is not a socket");
        assertThat(file).hasContent("x");
    }

    @Test
    void requestThatIsNoneIsAnsweredAndTheNextOneIsHeard() throws IOException {
        try (CtlSocket _ = open(path());
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path()));
            assertThat(exchange(channel, "{\"command\":null}")).contains("Invalid request");
            assertThat(exchange(channel, "[]"))
                    .contains("\"error\":\"Invalid request: not a JSON object with a command\"");
            assertThat(exchange(channel, "{\"id\":7,\"command\":\"show all\",\"args\":[\"x\"]}"))
                    .contains(
                            "\"words\":[\"show\",\"all\",\"x\"]", "\"id\":7", "\"status\":\"ok\"");
        }
    }

    private static String exchange(SocketChannel channel, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes);
        int _ = channel.write(frame.flip());
        ByteBuffer answer = ByteBuffer.allocate(4096);
        while (answer.position() < 4 || answer.position() < 4 + answer.getInt(0)) {
            assertThat(channel.read(answer)).isPositive();
        }
        return new String(answer.array(), 4, answer.getInt(0), StandardCharsets.UTF_8);
    }
}
