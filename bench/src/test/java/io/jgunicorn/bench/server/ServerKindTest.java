package io.jgunicorn.bench.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;

class ServerKindTest {
    private static final Installation INSTALLATION =
            new Installation(
                    Path.of("/j/bin/jgunicorn"),
                    "gunicorn",
                    "uwsgi_python3",
                    "python3",
                    Path.of("apps"),
                    Path.of("lib"));
    private static final Application HELLO = new Application("hello", false, "/");

    @Test
    void eachServerSaysWhereItListens() {
        assertThat(
                        port(
                                ServerKind.JGUNICORN,
                                "[12] [INFO] Listening at: http://127.0.0.1:4001 (7)"))
                .isEqualTo(4001);
        assertThat(port(ServerKind.GUNICORN, "[12] [INFO] Listening at: http://127.0.0.1:4002 (7)"))
                .isEqualTo(4002);
        assertThat(
                        port(
                                ServerKind.UWSGI,
                                "uwsgi socket 0 bound to TCP address 127.0.0.1:4003"
                                        + " (port auto-assigned) fd 3"))
                .isEqualTo(4003);
        assertThat(port(ServerKind.WAITRESS, "INFO:waitress:Serving on http://127.0.0.1:4004"))
                .isEqualTo(4004);
    }

    @Test
    void ownOptionsComeLast() {
        assertThat(ServerKind.JGUNICORN.command(INSTALLATION, HELLO, List.of("-w", "2")))
                .startsWith("/j/bin/jgunicorn", "-b", "127.0.0.1:0")
                .endsWith("hello:app", "-w", "2");
    }

    @Test
    void addressOfUwsgiFollowsTheOptionThatTakesIt() {
        assertThat(ServerKind.UWSGI.command(INSTALLATION, HELLO, List.of("--http-socket")))
                .endsWith("--http-socket", "127.0.0.1:0");
    }

    @Test
    void applicationOfWaitressComesLast() {
        assertThat(ServerKind.WAITRESS.command(INSTALLATION, HELLO, List.of("--threads=8")))
                .endsWith("--threads=8", "hello:app");
    }

    private static int port(ServerKind kind, String line) {
        Matcher matcher = kind.address().matcher(line);
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }
}
