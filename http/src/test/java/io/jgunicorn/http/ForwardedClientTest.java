package io.jgunicorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.config.ServerConfig.Forwarding;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code proxy_headers}; the test's own address is 127.0.0.1. */
@Timeout(30)
class ForwardedClientTest {
    private static TestServer server(String... trusted) {
        return TestServer.start(
                c ->
                        new HttpServerConfig(
                                c.limits(),
                                c.clients(),
                                c.keepAlive(),
                                c.uploadFolder(),
                                c.maxConnections(),
                                new Forwarding(
                                        List.of(trusted),
                                        Map.of("X-FORWARDED-PROTO", "https"),
                                        List.of(),
                                        "drop",
                                        true),
                                c.proxyProtocol(),
                                c.accessLog(),
                                c.notices()),
                Replies.onOwnThread(ForwardedClientTest::answer));
    }

    private static void answer(Exchange exchange) throws ClientGoneException {
        RequestHead head = exchange.request();
        List<String> hosts =
                head.headers().stream()
                        .filter(h -> h.name().equals("HOST"))
                        .map(RequestHead.Header::value)
                        .toList();
        Replies.ok(
                exchange,
                head.client()
                        + " "
                        + head.clientPort()
                        + " "
                        + head.scheme()
                        + " "
                        + String.join(",", hosts)
                        + " "
                        + head.headers().stream()
                                .filter(h -> ForwardedClient.speaksForAClient(h.name()))
                                .count());
    }

    private static String ask(TestServer server, String fields) throws IOException {
        try (RawClient client = server.client()) {
            return client.send(
                            "GET / HTTP/1.1\r\nHost: inner\r\n"
                                    + fields.replace("|", "\r\n")
                                    + "\r\n\r\n")
                    .response()
                    .body();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "X-Forwarded-For: 192.0.2.1; 192.0.2.1 0 http inner 1",
                "X-Forwarded-For: 192.0.2.1:81; 192.0.2.1 81 http inner 1",
                "X-Forwarded-For: [2001:db8::1]:81; 2001:db8::1 81 http inner 1",
                "X-Forwarded-For: 2001:db8::1; 2001:db8::1 0 http inner 1",
                "X-Forwarded-For: 192.0.2.9, 192.0.2.1; 192.0.2.1 0 http inner 1",
                "X-Forwarded-For: 192.0.2.9|X-Forwarded-For: 192.0.2.1; 192.0.2.1 0 http inner 2",
                "X-Forwarded-For: 192.0.2.9, 192.0.2.1, 10.1.2.3; 192.0.2.1 0 http inner 1",
                "X-Forwarded-For: 10.9.9.9, 10.1.2.3; 10.9.9.9 0 http inner 1",
                "X-Forwarded-For: 192.0.2.1, unknown, 10.1.2.3; 10.1.2.3 0 http inner 1",
                "X-Forwarded-Proto: https|X-Forwarded-Host: a.example; DIRECT https a.example 2",
                "X-Forwarded-Host: evil.example, a.example:8443; DIRECT http a.example:8443 1",
                "X-Forwarded-Host: a/b; DIRECT http inner 1",
                "X-Forwarded-For: nonsense; DIRECT http inner 1"
            })
    void fieldsOfATrustedProxyAreFollowed(String fields, String expected) throws Exception {
        try (TestServer server = server("127.0.0.1", "10.0.0.0/8")) {
            String answer = ask(server, fields).replaceFirst("^127.0.0.1 \\d+", "DIRECT");
            assertThat(answer).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                "for=192.0.2.1;proto=https;host=a.example! 192.0.2.1 0 https a.example 1",
                "For=\"[2001:db8::1]:81\"; Proto=HTTPS! 2001:db8::1 81 https inner 1",
                "for=192.0.2.9, for=192.0.2.1;host=\"a.example:80\"! 192.0.2.1 0 http a.example:80 1",
                "for=192.0.2.1;host=a.example, for=10.1.2.3;host=b.example! 192.0.2.1 0 http a.example 1",
                "for=_hidden;proto=https! DIRECT http inner 1",
                "for=unknown! DIRECT http inner 1",
                "for=\"192.0.2.1, 192.0.2.2\"! DIRECT http inner 1",
                "nonsense! DIRECT http inner 1"
            })
    void forwardedOfATrustedProxyIsFollowed(String value, String expected) throws Exception {
        try (TestServer server = server("127.0.0.1", "10.0.0.0/8")) {
            String answer =
                    ask(server, "Forwarded: " + value).replaceFirst("^127.0.0.1 \\d+", "DIRECT");
            assertThat(answer).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-For: 192.0.2.1",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: a.example",
        "X-Forwarded-Anything: x",
        "x-real-ip: 192.0.2.1",
        "Forwarded: for=192.0.2.1;proto=https",
        "True-Client-IP: 192.0.2.1",
        "Front-End-Https: on"
    })
    void fieldsOfAnybodyElseAreRemoved(String field) throws Exception {
        try (TestServer server = server("192.0.2.0/24")) {
            assertThat(ask(server, field)).matches("127\\.0\\.0\\.1 \\d+ http inner 0");
        }
    }
}
