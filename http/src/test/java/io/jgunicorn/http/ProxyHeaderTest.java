package io.jgunicorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ProxyHeaderTest {
    private static final String V1 = "PROXY TCP4 192.0.2.1 198.51.100.2 1111 443\r\n";
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";

    /** PROXY, TCP over IPv4, and a TLV that says nothing of interest. */
    private static final String V2 =
            SIGNATURE
                    + "!\u0011\0\u0012"
                    + "\u00c0\0\u0002\u0001\u00c63d\u0002\u0004W\u0001\u00bb"
                    + "\u0004\0\u0003abc";

    private static final String LOCAL = SIGNATURE + " \0\0\0";

    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private static TestServer server(String mode, String allowed) {
        return TestServer.start(
                c -> c.proxyProtocol(mode, allowed), Replies.onOwnThread(ProxyHeaderTest::answer));
    }

    /** Tells who the client is. */
    private static void answer(Exchange exchange) throws ClientGoneException {
        RequestHead head = exchange.request();
        String proxied =
                head.proxied()
                        .map(p -> p.protocol() + " " + p.proxy() + ":" + p.proxyPort())
                        .orElse("direct");
        Replies.ok(exchange, head.client() + ":" + head.clientPort() + " " + proxied);
    }

    private static String ask(RawClient client, String bytes) throws IOException {
        return client.send(bytes).response().body();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "v1"})
    void firstVersionNamesTheClientOfAllRequests(String mode) throws Exception {
        try (TestServer server = server(mode, "127.0.0.0/8");
                RawClient client = server.client()) {
            assertThat(ask(client, V1 + GET)).isEqualTo("192.0.2.1:1111 TCP4 198.51.100.2:443");
            assertThat(ask(client, GET)).isEqualTo("192.0.2.1:1111 TCP4 198.51.100.2:443");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "v2"})
    void secondVersionNamesTheClientOfAllRequests(String mode) throws Exception {
        try (TestServer server = server(mode, "*");
                RawClient client = server.client()) {
            assertThat(ask(client, V2 + GET)).isEqualTo("192.0.2.1:1111 TCP4 198.51.100.2:443");
            assertThat(ask(client, GET)).isEqualTo("192.0.2.1:1111 TCP4 198.51.100.2:443");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {V1, V2})
    void headerMayComeByteByByte(String header) throws Exception {
        try (TestServer server = server("auto", "127.0.0.1");
                RawClient client = server.client()) {
            for (String one : (header + GET).split("")) {
                client.send(one);
            }
            assertThat(client.response().body()).startsWith("192.0.2.1:1111 ");
        }
    }

    @Test
    void addressesOfTheSixthVersion() throws Exception {
        try (TestServer server = server("auto", "127.0.0.1");
                RawClient client = server.client()) {
            assertThat(ask(client, "PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n" + GET))
                    .isEqualTo("2001:db8::1:1 TCP6 2001:db8::2:2");
        }
    }

    @Test
    void connectionWithoutHeaderIsAPlainOne() throws Exception {
        try (TestServer server = server("auto", "127.0.0.1");
                RawClient client = server.client()) {
            assertThat(ask(client, GET)).isEqualTo("127.0.0.1:" + client.port() + " direct");
        }
    }

    @Test
    void checkOfTheProxyItselfIsAPlainConnection() throws Exception {
        try (TestServer server = server("auto", "127.0.0.1");
                RawClient client = server.client()) {
            assertThat(ask(client, LOCAL + GET)).endsWith(" direct");
        }
    }

    @Test
    void headerOfAnUnknownClientIsRefused() throws Exception {
        try (TestServer server = server("auto", "127.0.0.1");
                RawClient client = server.client()) {
            client.send("PROXY UNKNOWN\r\n" + GET);
            assertThat(client.readAll()).startsWith("HTTP/1.1 400 ").doesNotContain("200 OK");
        }
    }

    /** The specification, section 2: such a connection is dropped. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 192.0.2.1 198.51.100.2 1111\r\n",
                "PROXY TCP4 192.0.2.300 198.51.100.2 1111 443\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 1111 443333\r\n",
                "PROXY UDP4 192.0.2.1 198.51.100.2 1111 443\r\n"
            })
    void malformedHeaderEndsTheConnection(String header) throws Exception {
        try (TestServer server = server("auto", "127.0.0.1");
                RawClient client = server.client()) {
            client.send(header + GET);
            assertThat(client.readAll()).isEmpty();
        }
    }

    @Test
    void headerOfTheOtherVersionIsNoRequest() throws Exception {
        try (TestServer one = server("v1", "127.0.0.1");
                TestServer two = server("v2", "127.0.0.1");
                RawClient first = one.client();
                RawClient second = two.client()) {
            first.send(V2 + GET);
            second.send(V1 + GET);
            assertThat(first.readAll()).startsWith("HTTP/1.1 400 ");
            assertThat(second.readAll()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void strangerMayNotSendOne() throws Exception {
        try (TestServer server = server("auto", "192.0.2.0/24");
                RawClient client = server.client();
                RawClient plain = server.client()) {
            client.send(V1 + GET);
            assertThat(client.readAll()).startsWith("HTTP/1.1 403 Forbidden\r\n");
            assertThat(ask(plain, GET)).endsWith(" direct");
        }
    }

    @Test
    void secondHeaderIsNoRequest() throws Exception {
        try (TestServer server = server("auto", "127.0.0.1");
                RawClient client = server.client()) {
            client.send(V1 + V1 + GET);
            assertThat(client.readAll()).startsWith("HTTP/1.1 400 ");
        }
    }
}
