package io.jgunicorn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.config.value.InvalidValueException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarmupRequestsTest {
    @TempDir Path chdir;

    private List<WarmupRequest> read(String... items) {
        return WarmupRequests.read(List.of(items), chdir, List.of());
    }

    private void write(String text) throws IOException {
        Files.writeString(chdir.resolve("r.txt"), text, StandardCharsets.ISO_8859_1);
    }

    @Test
    void targetIsAGet() {
        assertThat(read("/a?b=c"))
                .containsExactly(new WarmupRequest("GET /a?b=c", "GET /a?b=c HTTP/1.1\r\n\r\n"));
    }

    @Test
    void recentRequestsAreThoseThatAreNotNamedAlready() {
        List<String> recent =
                List.of("GET /b HTTP/1.1\r\nHOST: x\r\n\r\n", "GET /a HTTP/1.1\r\n\r\n");

        assertThat(WarmupRequests.read(List.of("recent", "/a"), chdir, recent))
                .containsExactly(
                        new WarmupRequest("GET /a", "GET /a HTTP/1.1\r\n\r\n"),
                        new WarmupRequest("GET /b", "GET /b HTTP/1.1\r\nHOST: x\r\n\r\n"));
        assertThat(WarmupRequests.read(List.of("/a"), chdir, recent)).hasSize(1);
    }

    @Test
    void fileHoldsRequestsAsTheyGoOverTheWire() throws IOException {
        write(
                """
                # the start page
                GET / HTTP/1.1
                Host: shop.example
                # of a browser
                Accept: text/html

                #

                HEAD /caf\u00e9 HTTP/1.0\r
                Cookie: a=b; c=\u00e4\r
                \r
                DELETE /x HTTP/1.1
                Content-Length: 0
                """);

        assertThat(read("/first", "file:r.txt", "file:" + chdir.resolve("r.txt")))
                .hasSize(7)
                .startsWith(
                        new WarmupRequest("GET /first", "GET /first HTTP/1.1\r\n\r\n"),
                        new WarmupRequest(
                                "GET /",
                                "GET / HTTP/1.1\r\nHost: shop.example\r\nAccept: text/html\r\n\r\n"),
                        new WarmupRequest(
                                "HEAD /caf\u00e9",
                                "HEAD /caf\u00e9 HTTP/1.0\r\nCookie: a=b; c=\u00e4\r\n\r\n"),
                        new WarmupRequest(
                                "DELETE /x", "DELETE /x HTTP/1.1\r\nContent-Length: 0\r\n\r\n"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "GET /, line 1 of the file: 'GET /' must be METHOD /PATH HTTP/1.1",
                "get / HTTP/1.1, line 1 of the file: 'get / HTTP/1.1' must be METHOD /PATH"
                        + " HTTP/1.1",
                "GET x HTTP/1.1, line 1 of the file: 'GET x HTTP/1.1' must be METHOD /PATH"
                        + " HTTP/1.1",
                "GET / HTTP/2.0, line 1 of the file: 'GET / HTTP/2.0' must be METHOD /PATH"
                        + " HTTP/1.1",
                "GET /a b HTTP/1.1, line 1 of the file: 'GET /a b HTTP/1.1' must be METHOD /PATH"
                        + " HTTP/1.1",
                "GET / HTTP/1.1|Host, line 2 of the file: 'Host' must be NAME: VALUE",
                "GET / HTTP/1.1|A : b, line 2 of the file: 'A : b' must be NAME: VALUE",
                "GET / HTTP/1.1| folded: b, line 2 of the file: ' folded: b' must be NAME: VALUE",
                "GET / HTTP/1.1|Host: a|host: b, line 3 of the file: 'host: b' must not be there"
                        + " twice",
                "POST / HTTP/1.1|Content-Length: 3||abc, line 2 of the file: 'Content-Length: 3'"
                        + " must go: only requests without a body can be replayed",
                "# nothing||, the file must hold at least one request",
            })
    void malformedFileIsRefusedWithLineAndRule(String lines, String reason) throws IOException {
        write(lines.replace('|', '\n') + "\n");

        assertThatThrownBy(() -> read("/", "file:r.txt"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("warmup = 'file:r.txt' cannot be used: " + reason + ".");
    }

    @Test
    void missingFileIsRefusedWithItsWholePath() {
        assertThatThrownBy(() -> read("file:no.txt"))
                .hasMessage(
                        "warmup = 'file:no.txt' cannot be used: there is no file "
                                + chdir.resolve("no.txt")
                                + ", and relative paths start at chdir.");
    }

    @Test
    void hugeFileIsRefused() throws IOException {
        write("#".repeat((1 << 20) + 1));

        assertThatThrownBy(() -> read("file:r.txt"))
                .hasMessage(
                        "warmup = 'file:r.txt' cannot be used: the file must not be larger than 1"
                                + " MiB.");
    }
}
