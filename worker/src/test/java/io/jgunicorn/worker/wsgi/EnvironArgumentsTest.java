package io.jgunicorn.worker.wsgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.http.RequestBody;
import io.jgunicorn.http.RequestHead;
import io.jgunicorn.http.RequestHead.Header;
import io.jgunicorn.worker.wsgi.EnvironArguments.ScriptNameMismatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironArgumentsTest {
    private static RequestHead head(String path, String server, String port, Header... headers) {
        return new RequestHead(
                "GET",
                path + "?q",
                path,
                "q",
                "HTTP/1.1",
                List.of(headers),
                "http",
                "1.2.3.4",
                "99",
                server,
                port,
                Optional.empty());
    }

    private static Object[] arguments(RequestHead head, RequestBody body, String script)
            throws ScriptNameMismatch {
        return EnvironArguments.of(null, head, body, script);
    }

    private static List<Object> headers(Object[] arguments) {
        return Arrays.asList(arguments).subList(14, arguments.length);
    }

    @Test
    void valuesStandInTheOrderOfTheParametersOfServe() throws Exception {
        Object[] arguments =
                arguments(head("/a%20b", "5.6.7.8", "80"), new RequestBody.Empty(), "");
        assertThat(arguments)
                .containsExactly(
                        null,
                        "GET",
                        "/a%20b?q",
                        "/a b",
                        "",
                        "q",
                        "HTTP/1.1",
                        "http",
                        "1.2.3.4",
                        "99",
                        "5.6.7.8",
                        "80",
                        null,
                        null);
    }

    @Test
    void headersBecomeCgiNamesAndRepeatsAreJoined() throws Exception {
        Object[] arguments =
                arguments(
                        head(
                                "/",
                                "s",
                                "80",
                                new Header("HOST", "h"),
                                new Header("X-A", "1"),
                                new Header("CONTENT-TYPE", "t"),
                                new Header("X-A", "2"),
                                new Header("CONTENT-LENGTH", "3")),
                        new RequestBody.Empty(),
                        "");
        assertThat(headers(arguments))
                .containsExactly(
                        "HTTP_HOST",
                        "h",
                        "HTTP_X_A",
                        "1,2",
                        "CONTENT_TYPE",
                        "t",
                        "CONTENT_LENGTH",
                        "3");
    }

    @Test
    void scriptNameIsCutFromThePath() throws Exception {
        Object[] arguments = arguments(head("/app/x", "s", "80"), new RequestBody.Empty(), "/app");
        assertThat(arguments[3]).isEqualTo("/x");
        assertThat(arguments[4]).isEqualTo("/app");
    }

    @Test
    void scriptNameHeaderWinsOverTheEnvironment() throws Exception {
        RequestHead head = head("/b/x", "s", "80", new Header("SCRIPT_NAME", "/b"));
        Object[] arguments = arguments(head, new RequestBody.Empty(), "/app");
        assertThat(arguments[3]).isEqualTo("/x");
        assertThat(arguments[4]).isEqualTo("/b");
    }

    @Test
    void pathOutsideOfScriptNameIsAProblemOfTheConfiguration() {
        assertThatThrownBy(() -> arguments(head("/x", "s", "80"), new RequestBody.Empty(), "/app"))
                .isInstanceOf(ScriptNameMismatch.class)
                .hasMessage(
                        "Configuration problem: Request path '/x' does not start with SCRIPT_NAME"
                                + " '/app'");
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org, 80",
        "example.org:8080, example.org, 8080",
        "[::1], [::1], 80",
        "[::1]:81, [::1], 81"
    })
    void serverOnAUnixSocketIsWhatTheHostHeaderSays(String host, String name, String port)
            throws Exception {
        RequestHead head = head("/", "/run/app.sock", "", new Header("HOST", host));
        Object[] arguments = arguments(head, new RequestBody.Empty(), "");
        assertThat(arguments[10]).isEqualTo(name);
        assertThat(arguments[11]).isEqualTo(port);
    }

    @Test
    void serverOnAUnixSocketWithoutHostIsThePath() throws Exception {
        Object[] arguments = arguments(head("/", "/run/app.sock", ""), new RequestBody.Empty(), "");
        assertThat(arguments[10]).isEqualTo("/run/app.sock");
        assertThat(arguments[11]).isEqualTo("");
    }

    @Test
    void bodiesAreTextOfBytesOrAFile() throws Exception {
        byte[] bytes = {0, (byte) 0xff, 65};
        Object[] memory = arguments(head("/", "s", "80"), new RequestBody.InMemory(bytes), "");
        assertThat((String) memory[12]).isEqualTo(new String(bytes, StandardCharsets.ISO_8859_1));
        Object[] file =
                arguments(head("/", "s", "80"), new RequestBody.Spooled(Path.of("/tmp/b"), 9), "");
        assertThat(file[13]).isEqualTo("/tmp/b");
    }

    @ParameterizedTest
    @CsvSource({
        "/plain, /plain",
        "/a%20b, /a b",
        "/%2F%2f, ///",
        "/%zz, /%zz",
        "/%4, /%4",
        "/100%, /100%",
        "/a+b, /a+b",
        "/%41%, /A%"
    })
    void percentDecodingLeavesMalformedEscapes(String raw, String decoded) {
        assertThat(RequestHead.percentDecoded(raw)).isEqualTo(decoded);
    }
}
