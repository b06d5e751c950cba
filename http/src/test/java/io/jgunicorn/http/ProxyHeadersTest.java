package io.jgunicorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.config.ServerConfig.Forwarding;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code proxy_headers}; the test is the proxy, at 127.0.0.1. */
@Timeout(30)
class ProxyHeadersTest {
    private static final List<String> TRUSTED = List.of("127.0.0.1", "10.0.0.0/8");

    private static final List<String> ALL_X =
            List.of("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port");
    private static final List<String> FORWARDED = List.of("forwarded");

    private static TestServer server(
            List<String> followed, List<String> trusted, String headerMap) {
        Forwarding forwarding =
                new Forwarding(
                        trusted,
                        Map.of(
                                "X-FORWARDED-PROTO",
                                "https",
                                "X-FORWARDED-SSL",
                                "on",
                                "X-SECURE",
                                "on"),
                        List.of("SCRIPT_NAME"),
                        headerMap,
                        followed);
        return TestServer.start(
                c -> c.forwarding(forwarding).proxyProtocol("auto", "*"),
                Replies.onOwnThread(ProxyHeadersTest::answer));
    }

    /** Client, its port, scheme, Host fields, server, its port, and how many fields speak of it. */
    private static void answer(Exchange exchange) throws ClientGoneException {
        RequestHead head = exchange.request();
        List<String> hosts =
                head.headers().stream()
                        .filter(h -> h.name().equals("HOST"))
                        .map(RequestHead.Header::value)
                        .toList();
        long fields =
                head.headers().stream()
                        .filter(
                                h ->
                                        ProxyHeaders.speaksForAClient(ProxyHeaders.plain(h.name()))
                                                || List.of("X-SECURE", "SCRIPT_NAME", "SCRIPT-NAME")
                                                        .contains(h.name()))
                        .count();
        Replies.ok(
                exchange,
                String.join(
                        " ",
                        head.client(),
                        head.clientPort(),
                        head.scheme(),
                        String.join(",", hosts),
                        head.serverName(),
                        head.serverPortUsed(),
                        Long.toString(fields)));
    }

    /** The answer, with our own address, which has another port each time, in words. */
    private static String ask(TestServer server, String fields) throws IOException {
        return ask(server, "", fields);
    }

    private static String ask(TestServer server, String before, String fields) throws IOException {
        try (RawClient client = server.client()) {
            RawClient.Response response =
                    client.send(
                                    before
                                            + "GET / HTTP/1.1\r\nHost: inner\r\n"
                                            + fields.replace("|", "\r\n")
                                            + "\r\n\r\n")
                            .response();
            return response.head().startsWith("HTTP/1.1 200 ")
                    ? response.body()
                            .replaceFirst("^127\\.0\\.0\\.1 [1-9]\\d*", "PROXY")
                            .replace("127.0.0.1 " + server.port(), "LOCAL")
                    : response.head().substring(9, 12);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "X-Forwarded-For: 192.0.2.1; 192.0.2.1 0 http inner LOCAL 1",
                "X-Forwarded-For: 192.0.2.1:81; 192.0.2.1 81 http inner LOCAL 1",
                "X-Forwarded-For: [2001:DB8:0::1]:81; 2001:db8::1 81 http inner LOCAL 1",
                "X-Forwarded-For: 2001:db8::1; 2001:db8::1 0 http inner LOCAL 1",
                "X-Forwarded-For: ::ffff:192.0.2.1; 192.0.2.1 0 http inner LOCAL 1",
                "X-Forwarded-For: 192.0.2.9, 192.0.2.1; 192.0.2.1 0 http inner LOCAL 1",
                "X-Forwarded-For: 192.0.2.9,,192.0.2.1 ,; 192.0.2.1 0 http inner LOCAL 1",
                "X-Forwarded-For: 192.0.2.9|X-Forwarded-For: 192.0.2.1; 192.0.2.1 0 http inner LOCAL 2",
                "X-Forwarded-For: 192.0.2.9, 192.0.2.1, 10.1.2.3; 192.0.2.1 0 http inner LOCAL 1",
                "X-Forwarded-For: 10.9.9.9, 10.1.2.3; 10.9.9.9 0 http inner LOCAL 1",
                "X-Forwarded-For: 192.0.2.1, unknown, 10.1.2.3; 10.1.2.3 0 http inner LOCAL 1",
                "X-Forwarded-For: \"192.0.2.1, 10.1.2.3\"; PROXY http inner LOCAL 1",
                "X-Forwarded-For: 192.0.2.1%eth0; PROXY http inner LOCAL 1",
                "X-Forwarded-For: fe80::1%eth0; PROXY http inner LOCAL 1",
                "X-Forwarded-For: ::ffff:010.0.0.1; PROXY http inner LOCAL 1",
                "X-Forwarded-For: [192.0.2.1]; PROXY http inner LOCAL 1",
                "X-Forwarded-For: 192.0.2.01; PROXY http inner LOCAL 1",
                "X-Forwarded-For: 192.0.2.300; PROXY http inner LOCAL 1",
                "X-Forwarded-For: 3221225985; PROXY http inner LOCAL 1",
                "X-Forwarded-For: [2001:db8::1]x; PROXY http inner LOCAL 1",
                "X-Forwarded-For: nonsense; PROXY http inner LOCAL 1",
                "X-Forwarded-Proto: https; PROXY https inner LOCAL 1",
                "X-Forwarded-Proto: https, http; PROXY http inner LOCAL 1",
                "X-Forwarded-Proto: http, https; PROXY https inner LOCAL 1",
                "X-Forwarded-Proto: https|X-Forwarded-Proto: http; PROXY http inner LOCAL 2",
                "X-Forwarded-Proto: gopher; PROXY http inner LOCAL 1",
                "X-Forwarded-Proto: https|X-Forwarded-Host: a.example; PROXY https a.example a.example 443 2",
                "X-Forwarded-Host: evil.example, a.example:8443; PROXY http a.example:8443 a.example 8443 1",
                "X-Forwarded-Host: [2001:db8::1]:8443; PROXY http [2001:db8::1]:8443 [2001:db8::1] 8443 1",
                "X-Forwarded-Port: 8443; PROXY http inner:8443 inner 8443 1",
                "X-Forwarded-Port: 80; PROXY http inner inner 80 1",
                "X-Forwarded-Proto: https|X-Forwarded-Port: 443; PROXY https inner inner 443 2",
                "X-Forwarded-Host: a.example:1|X-Forwarded-Port: 8443; PROXY http a.example:8443 a.example 8443 2",
                "X-Forwarded-Host: a.example:; PROXY http a.example a.example 80 1",
                "X-Forwarded-Host: [::::]; 400",
                "X-Forwarded-Host: a..b; 400",
                "X-Forwarded-Host: a/b; 400",
                "X-Forwarded-Host: a@b; 400",
                "X-Forwarded-Host: a:99999; 400",
                "X-Forwarded-Host: a:b; 400",
                "X-Forwarded-Port: 0; 400",
                "X-Forwarded-Port: 65536; 400",
                "X-Forwarded-Port: 80x; 400",
                "Forwarded: for=192.0.2.1,host=evil.example; PROXY http inner LOCAL 0",
                "Forwarded: a=\"; PROXY http inner LOCAL 0",
                "X-Real-IP: 192.0.2.1; PROXY http inner LOCAL 1"
            })
    void xForwardedFieldsOfATrustedProxyAreFollowed(String fields, String expected)
            throws Exception {
        try (TestServer server = server(ALL_X, TRUSTED, "drop")) {
            assertThat(ask(server, fields)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                "for=192.0.2.1;proto=https;host=a.example! 192.0.2.1 0 https a.example a.example 443 1",
                "For=\"[2001:db8::1]:81\"; Proto=HTTPS! 2001:db8::1 81 https inner LOCAL 1",
                "for=192.0.2.1:81! 192.0.2.1 81 http inner LOCAL 1",
                "for=\"192.0.2.1:_hidden\"! 192.0.2.1 0 http inner LOCAL 1",
                "for=\"192.0.2.\\1\"! 192.0.2.1 0 http inner LOCAL 1",
                "for=192.0.2.9, for=192.0.2.1;host=\"a.example:81\"! 192.0.2.1 0 http a.example:81 a.example 81 1",
                "for=192.0.2.1;host=a.example, for=10.1.2.3;host=b.example! 192.0.2.1 0 http a.example a.example 80 1",
                "for=192.0.2.1, for=10.1.2.3;proto=https;host=b.example! 192.0.2.1 0 http inner LOCAL 1",
                "for=192.0.2.1;host=a.example, for=192.0.2.2;host=b.example! 192.0.2.2 0 http b.example b.example 80 1",
                "for=192.0.2.1;proto=http, for=_hidden;proto=https! PROXY https inner LOCAL 1",
                "for=unknown! PROXY http inner LOCAL 1",
                "for=2001:db8::1! PROXY http inner LOCAL 1",
                "for=\"192.0.2.1, 192.0.2.2\"! PROXY http inner LOCAL 1",
                "by=10.0.0.1;ext=\"a;b,c\"! PROXY http inner LOCAL 1",
                ";;, for=192.0.2.1! 192.0.2.1 0 http inner LOCAL 1",
                "for=\"192.0.2.9, for=192.0.2.1! 400",
                "for=\"192.0.2.9, for=\"[2001:db8::1]\"! 400",
                "for=192.0.2.9;for=192.0.2.1! 400",
                "for=192.0.2.9;FOR=192.0.2.1! 400",
                "for =192.0.2.1! 400",
                "for= 192.0.2.1! 400",
                "for=! 400",
                "for:=192.0.2.1! 400",
                "for! 400",
                "nonsense! 400",
                "for=192.0.2.1 proto=https! 400",
                "for=192.0.2.1;host=\"a/b\"! 400"
            })
    void forwardedOfATrustedProxyIsFollowed(String value, String expected) throws Exception {
        try (TestServer server = server(FORWARDED, TRUSTED, "drop")) {
            assertThat(ask(server, "Forwarded: " + value)).isEqualTo(expected);
        }
    }

    @Test
    void eachFieldLineOfForwardedStandsForItself() throws Exception {
        try (TestServer server = server(FORWARDED, TRUSTED, "drop")) {
            assertThat(ask(server, "Forwarded: for=192.0.2.9|Forwarded: for=192.0.2.1"))
                    .isEqualTo("192.0.2.1 0 http inner LOCAL 2");
            assertThat(ask(server, "Forwarded: for=\"192.0.2.9|Forwarded: for=\"192.0.2.1\""))
                    .isEqualTo("400");
        }
    }

    @Test
    void theOtherFamilyIsRemovedEvenIfTheProxyIsTrusted() throws Exception {
        try (TestServer server = server(FORWARDED, TRUSTED, "drop")) {
            assertThat(
                            ask(
                                    server,
                                    "X-Forwarded-For: 192.0.2.1|X-Forwarded-Proto: https|X-Forwarded-Host: e"))
                    .isEqualTo("PROXY http inner LOCAL 0");
        }
    }

    /** WSGI shows X_Forwarded_For and X-Forwarded-For under one name. */
    @Test
    void namesWithUnderscoresAreNeitherFollowedNorPassedOn() throws Exception {
        for (List<String> followed : List.of(ALL_X, FORWARDED)) {
            try (TestServer server = server(followed, TRUSTED, "dangerous")) {
                assertThat(ask(server, "X_Forwarded_For: 192.0.2.1|X_Forwarded-Host: e"))
                        .isEqualTo("PROXY http inner LOCAL 0");
            }
        }
    }

    /** What the proxy does not set, its client may have. */
    @Test
    void fieldsThatAreNotNamedAreRemoved() throws Exception {
        List<String> usual = List.of("x-forwarded-for", "x-forwarded-proto");
        try (TestServer server = server(usual, TRUSTED, "drop")) {
            assertThat(
                            ask(
                                    server,
                                    "X-Forwarded-For: 192.0.2.1|X-Forwarded-Proto: https"
                                            + "|X-Forwarded-Host: evil.example|X-Forwarded-Port: 1"))
                    .isEqualTo("192.0.2.1 0 https inner LOCAL 2");
        }
    }

    /** Then {@code secure_scheme_headers} tells it, as in gunicorn. */
    @Test
    void schemeIsNotFollowedIfNoFieldOfItIsNamed() throws Exception {
        try (TestServer server = server(List.of("x-forwarded-for"), TRUSTED, "drop")) {
            assertThat(ask(server, "X-Forwarded-For: 192.0.2.1|X-Forwarded-Proto: https"))
                    .isEqualTo("192.0.2.1 0 http inner LOCAL 1");
            assertThat(ask(server, "X-Forwarded-For: 192.0.2.1|X-Forwarded-Ssl: on"))
                    .isEqualTo("192.0.2.1 0 http inner LOCAL 2");
            assertThat(ask(server, "X-Forwarded-For: 192.0.2.1|X-Secure: on"))
                    .isEqualTo("192.0.2.1 0 https inner LOCAL 2");
        }
    }

    @Test
    void wayIsNotFollowedFurtherThanAnyWayIsLong() throws Exception {
        try (TestServer server = server(ALL_X, TRUSTED, "drop")) {
            assertThat(ask(server, "X-Forwarded-For: 192.0.2.1" + ", 10.0.0.9".repeat(63)))
                    .isEqualTo("192.0.2.1 0 http inner LOCAL 1");
            assertThat(ask(server, "X-Forwarded-For: 192.0.2.1" + ", 10.0.0.9".repeat(64)))
                    .isEqualTo("10.0.0.9 0 http inner LOCAL 1");
        }
        try (TestServer server = server(FORWARDED, TRUSTED, "drop")) {
            assertThat(ask(server, "Forwarded: for=192.0.2.1" + ",for=10.0.0.9".repeat(63)))
                    .isEqualTo("192.0.2.1 0 http inner LOCAL 1");
            assertThat(ask(server, "Forwarded: for=192.0.2.1" + ",for=10.0.0.9".repeat(64)))
                    .isEqualTo("400");
        }
    }

    /** Where everybody is trusted, only what the peer itself has written is. */
    @Test
    void whoTrustsEverybodyTakesTheLastAddress() throws Exception {
        try (TestServer server = server(ALL_X, List.of("*"), "drop")) {
            assertThat(ask(server, "X-Forwarded-For: 192.0.2.9, 192.0.2.1"))
                    .isEqualTo("192.0.2.1 0 http inner LOCAL 1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: 192.0.2.1",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: a/b",
                "X-Forwarded-Port: x",
                "X-Forwarded-Anything: x",
                "X_Forwarded_For: 192.0.2.1",
                "x-real-ip: 192.0.2.1",
                "Forwarded: for=\"",
                "True-Client-IP: 192.0.2.1",
                "Front-End-Https: on",
                "X-Secure: on",
                "SCRIPT_NAME: /x",
                "Script-Name: /x"
            })
    void fieldsOfAnybodyElseAreRemoved(String field) throws Exception {
        for (List<String> followed : List.of(ALL_X, FORWARDED)) {
            try (TestServer server = server(followed, List.of("192.0.2.0/24"), "dangerous")) {
                assertThat(ask(server, field)).isEqualTo("PROXY http inner LOCAL 0");
            }
        }
    }

    /** Behind a proxy that only passes bytes on, the client itself has written the fields. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 127.0.0.1, 192.0.2.1 4711 http inner LOCAL 0",
        "192.0.2.1, *, 192.0.2.1 4711 http inner LOCAL 0",
        "10.1.2.3, 10.0.0.0/8, 192.0.2.9 0 https inner LOCAL 4"
    })
    void clientOfTheProxyProtocolMustBeTrustedItself(String client, String trusted, String expected)
            throws Exception {
        try (TestServer server = server(ALL_X, List.of(trusted), "drop")) {
            assertThat(
                            ask(
                                    server,
                                    "PROXY TCP4 " + client + " 198.51.100.8 4711 80\r\n",
                                    "X-Forwarded-For: 192.0.2.9|X-Forwarded-Proto: https"
                                            + "|X-Secure: on|SCRIPT_NAME: /x"))
                    .isEqualTo(expected);
        }
    }

    @Test
    void clientTheProxyProtocolDoesNotNameIsNotTrusted() throws Exception {
        String unspecified = "\r\n\r\n\0\r\nQUIT\n!\0\0\0";
        String local = "\r\n\r\n\0\r\nQUIT\n \0\0\0";
        try (TestServer server = server(ALL_X, TRUSTED, "drop")) {
            assertThat(ask(server, unspecified, "X-Forwarded-For: 192.0.2.9"))
                    .isEqualTo("PROXY http inner LOCAL 0");
            assertThat(ask(server, local, "X-Forwarded-For: 192.0.2.9"))
                    .isEqualTo("192.0.2.9 0 http inner LOCAL 1");
        }
    }

    @Test
    void offLeavesEverythingToTheApplication() throws Exception {
        try (TestServer server = server(List.of(), TRUSTED, "drop")) {
            assertThat(ask(server, "X-Forwarded-For: 192.0.2.1|Forwarded: x|X-Forwarded-Host: e"))
                    .isEqualTo("PROXY http inner LOCAL 3");
        }
    }
}
