package io.jgunicorn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.ServerConfig.Forwarding;
import io.jgunicorn.config.ServerConfig.RequestLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTextTest {
    private static final BindAddress LISTENER = new BindAddress.Tcp("127.0.0.1", 8123);

    private static RequestText reader(BindAddress listener, String... trusted) {
        return new RequestText(
                new RequestLimits(100, 4, 60),
                new Forwarding(
                        List.of(trusted),
                        Map.of("X-FORWARDED-PROTO", "https"),
                        List.of("SCRIPT_NAME"),
                        "drop",
                        List.of()),
                listener);
    }

    private static RequestHead read(String... lines) {
        return reader(LISTENER, "127.0.0.1").read(String.join("\r\n", lines) + "\r\n\r\n");
    }

    @Test
    void requestIsWhatAConnectionWouldHaveMadeOfIt() {
        RequestHead head =
                read("HEAD /a%20b?x=1&y HTTP/1.1", "Host: shop.example", "Accept:  */* ");

        assertThat(head.method()).isEqualTo("HEAD");
        assertThat(head.target()).isEqualTo("/a%20b?x=1&y");
        assertThat(head.path()).isEqualTo("/a%20b");
        assertThat(head.query()).isEqualTo("x=1&y");
        assertThat(head.protocol()).isEqualTo("HTTP/1.1");
        assertThat(head.headers())
                .containsExactly(
                        new RequestHead.Header("HOST", "shop.example"),
                        new RequestHead.Header("ACCEPT", "*/*"));
        assertThat(head.scheme()).isEqualTo("http");
        assertThat(head.client()).isEqualTo("127.0.0.1");
        assertThat(head.serverName()).isEqualTo("127.0.0.1");
        assertThat(head.serverPortUsed()).isEqualTo("8123");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 8123, 127.0.0.1:8123, 127.0.0.1",
        "'', 8123, 127.0.0.1:8123, 127.0.0.1",
        "0.0.0.0, 80, 127.0.0.1, 127.0.0.1",
        "::, 8123, 127.0.0.1:8123, 127.0.0.1",
        "::1, 8123, [::1]:8123, ::1",
        "localhost, 8123, localhost:8123, localhost",
    })
    void listenerStandsInForAMissingHost(String name, int port, String host, String server) {
        RequestHead head =
                reader(new BindAddress.Tcp(name, port)).read("GET / HTTP/1.1\r\nA: b\r\n\r\n");

        assertThat(head.headers()).contains(new RequestHead.Header("HOST", host));
        assertThat(head.serverName()).isEqualTo(server);
        assertThat(head.serverPortUsed()).isEqualTo(Integer.toString(port));
    }

    @Test
    void unixSocketIsCalledLocalhost() {
        RequestHead head =
                reader(new BindAddress.UnixSocket(Path.of("/run/a.sock")))
                        .read("GET / HTTP/1.1\r\n\r\n");

        assertThat(head.headers()).containsExactly(new RequestHead.Header("HOST", "localhost"));
        assertThat(head.serverName()).isEqualTo("localhost");
        assertThat(head.serverPortUsed()).isEqualTo("80");
    }

    @Test
    void trustedProxyFieldsCountIfTheLoopbackIsTrusted() {
        String text = "GET / HTTP/1.1\r\nX-Forwarded-Proto: https\r\nSCRIPT_NAME: /x\r\n\r\n";

        assertThat(reader(LISTENER, "127.0.0.1").read(text).scheme()).isEqualTo("https");
        assertThat(reader(LISTENER, "10.0.0.1").read(text).scheme()).isEqualTo("http");
        assertThat(reader(LISTENER, "10.0.0.1").read(text).headers())
                .extracting(RequestHead.Header::name)
                .doesNotContain("SCRIPT_NAME");
    }

    @ParameterizedTest
    @CsvSource({
        "GET / HTTP/2.0, A: b, Invalid HTTP Version",
        "get / HTTP/1.1, A: b, Invalid Method",
        "GET / HTTP/1.1, A b, Invalid HTTP Header",
        "GET / HTTP/1.1, Content-Length: 3, Body",
        "GET / HTTP/1.1, Transfer-Encoding: chunked, Body",
        "GET / HTTP/1.1, 'A: 12345678901234567890123456789012345678901234567890123456789',"
                + " fields size",
    })
    void whatAConnectionRefusesIsRefused(String line, String field, String reason) {
        assertThatThrownBy(() -> read(line, field))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void requestWithoutItsEndIsRefused() {
        assertThatThrownBy(() -> reader(LISTENER).read("GET / HTTP/1.1\r\nA: b\r\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Incomplete request");
    }
}
