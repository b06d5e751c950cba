package io.jgunicorn.http;

import static io.jgunicorn.http.Replies.bytes;
import static io.jgunicorn.http.Replies.ok;
import static io.jgunicorn.http.Replies.onOwnThread;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.config.ServerConfig.Forwarding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
class RequestTest {
    private final BlockingQueue<Exchange> arrived = new LinkedBlockingQueue<>();
    private final TestServer.Warnings warnings = new TestServer.Warnings();

    @TempDir private Path folder;

    private Exchange next() throws InterruptedException {
        Exchange exchange = arrived.poll(10, TimeUnit.SECONDS);
        assertThat(exchange).as("a request within 10 s").isNotNull();
        return exchange;
    }

    private TestServer server() {
        return TestServer.start(_ -> TestConfig.spoolingTo(folder).notices(warnings), arrived::add);
    }

    private TestServer server(String headerMap, List<String> allowIps) {
        Forwarding forwarding =
                new Forwarding(
                        allowIps,
                        Map.of("X-FORWARDED-PROTO", "https", "X-FORWARDED-SSL", "on"),
                        List.of("SCRIPT_NAME"),
                        headerMap,
                        List.of());
        return TestServer.start(
                _ -> TestConfig.spoolingTo(folder).forwarding(forwarding).notices(warnings),
                arrived::add);
    }

    @Test
    void headIsWhatTheClientSent() throws Exception {
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send(
                    "GET /p%20q/\u00e9?x=1?y#frag HTTP/1.1\r\nhost: h\r\nX-a:  b c \t\r\n"
                            + "Cookie: 1\r\nCOOKIE: 2\r\nX-Empty:\r\n\r\n");
            RequestHead head = next().request();
            assertThat(head.method()).isEqualTo("GET");
            assertThat(head.target()).isEqualTo("/p%20q/\u00e9?x=1?y#frag");
            assertThat(head.path()).isEqualTo("/p%20q/\u00e9");
            assertThat(head.query()).isEqualTo("x=1?y");
            assertThat(head.protocol()).isEqualTo("HTTP/1.1");
            assertThat(head.scheme()).isEqualTo("http");
            assertThat(head.client()).isEqualTo("127.0.0.1");
            assertThat(head.clientPort()).isEqualTo(Integer.toString(client.port()));
            assertThat(head.server()).isEqualTo("127.0.0.1");
            assertThat(head.headers())
                    .containsExactly(
                            new RequestHead.Header("HOST", "h"),
                            new RequestHead.Header("X-A", "b c"),
                            new RequestHead.Header("COOKIE", "1"),
                            new RequestHead.Header("COOKIE", "2"),
                            new RequestHead.Header("X-EMPTY", ""));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,http://h/p?q,/p",
        "GET,http://h,''",
        "OPTIONS,*,*",
        "CONNECT,foo:80,80",
        "GET,//a//b,//a//b"
    })
    void everyTargetFormHasItsPath(String method, String target, String path) throws Exception {
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send(method + " " + target + " HTTP/1.1\r\n\r\n");
            assertThat(next().request().path()).isEqualTo(path);
        }
    }

    @Test
    void laterMinorVersionIsEchoed() throws Exception {
        try (TestServer server = TestServer.start(onOwnThread(e -> ok(e, "x")));
                RawClient client = server.client()) {
            client.send("GET / HTTP/1.2\r\n\r\n");
            assertThat(client.response().statusLine()).isEqualTo("HTTP/1.2 200 OK");
        }
    }

    @Test
    void chunkedBodyIsJoined() throws Exception {
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send(
                    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-T: 1\r\n\r\n");
            assertThat(((RequestBody.InMemory) next().body()).bytes())
                    .isEqualTo(bytes("hello world"));
        }
    }

    @Test
    void largeBodyIsInAFileThatHasNoNameAndEndsWithTheExchange() throws Exception {
        String body = "0123456789".repeat(100_000);
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send("POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + body);
            Exchange exchange = next();
            RequestBody.Spooled spooled = (RequestBody.Spooled) exchange.body();
            assertThat(folder).as("what a kill would leave").isEmptyDirectory();
            assertThat(spooled.length()).isEqualTo(1_000_000);
            assertThat(Files.readString(spooled.file())).isEqualTo(body);
            assertThat(Files.readString(spooled.file())).as("from the start").isEqualTo(body);
            assertThat(openBodies()).isEqualTo(1);
            ok(exchange, "done");
            assertThat(openBodies()).isZero();
            assertThat(client.response().body()).isEqualTo("done");
        }
    }

    private long openBodies() throws IOException {
        long count = 0;
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).startsWith(folder)) {
                    count++;
                }
            }
        }
        return count;
    }

    @Test
    void expiredRequestKeepsItsBodyUntilTheApplicationIsDoneWithIt() throws Exception {
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send("POST / HTTP/1.1\r\nContent-Length: 70000\r\n\r\n" + "x".repeat(70_000));
            Exchange exchange = next();
            assertThat(exchange.expire()).isTrue();
            assertThat(client.readAll()).startsWith("HTTP/1.1 504 ");
            assertThat(((RequestBody.Spooled) exchange.body()).file()).hasSize(70_000);
            exchange.fail();
            assertThat(openBodies()).isZero();
        }
    }

    @Test
    void whereAFileNeedsItsNameItIsDeletedInTheEnd() throws Exception {
        SpoolFile file = SpoolFile.in(folder, false);
        assertThat(file.path()).hasParent(folder).isEmptyFile();
        file.close();
        file.close();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void spooledBodyOfAClientThatLeavesIsDeleted() throws Exception {
        try (TestServer server = server()) {
            try (RawClient client = server.client()) {
                client.send(
                        "POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(200_000));
            }
            while (server.server().openConnections() > 0 || files() > 0) {
                Thread.onSpinWait();
            }
            assertThat(arrived).isEmpty();
        }
    }

    private long files() throws java.io.IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.count();
        }
    }

    @Test
    void continueIsSentOnceTheHeadIsAccepted() throws Exception {
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send("POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("ab");
            Exchange exchange = next();
            ok(exchange, "x");
            assertThat(client.response().statusLine()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void otherExpectationsFail() throws Exception {
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send("POST / HTTP/1.1\r\nExpect: foo\r\nContent-Length: 2\r\n\r\n");
            assertThat(client.readAll())
                    .startsWith("HTTP/1.1 417 Expectation Failed\r\nConnection: close\r\n")
                    .contains("Unable to comply with expectation: &#x27;foo&#x27;");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "get / HTTP/1.1|400|Invalid Method 'Invalid HTTP method: 'get''",
                "GET  / HTTP/1.1|400|Invalid Request Line 'Invalid HTTP request line: 'GET  / HTTP/1.1''",
                "GET /|400|Invalid Request Line 'Invalid HTTP request line: 'GET /''",
                "GET /\\u0001a HTTP/1.1|400|Invalid Request Line",
                "GET * HTTP/1.1|400|Invalid Request Line",
                "GET a:80 HTTP/1.1|400|Invalid Request Line",
                "GET / HTTP/2.0|400|Invalid HTTP Version 'Invalid HTTP Version: (2, 0)'",
                "GET / http/1.1|400|Invalid HTTP Version 'Invalid HTTP Version: 'http/1.1''",
                "GET / HTTP/1.10|400|Invalid HTTP Version",
                "GET / HTTP/1.1\\r\\nFoo : x|400|Invalid HTTP header name: 'Foo '",
                "GET / HTTP/1.1\\r\\nFoo|400|Invalid HTTP Header: 'Foo'",
                "GET / HTTP/1.1\\r\\n: x|400|Invalid HTTP Header: ': x'",
                "GET / HTTP/1.1\\r\\nFoo: a\\u0000b|400|Invalid HTTP Header: 'FOO'",
                "GET / HTTP/1.1\\r\\nFoo: a\\r\\n b|400|Obsolete line folding is unacceptable",
                "GET / HTTP/1.1\\r\\nFoo: a\\nBar: b|400|Invalid line end",
                "GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: a|400|Invalid HTTP Header: 'HOST'",
                "GET / HTTP/1.1\\r\\nContent-Type: a\\r\\nContent-Type: a|400|Invalid HTTP Header: 'CONTENT-TYPE'",
                "GET / HTTP/1.1\\r\\nContent-Length: 1\\r\\nContent-Length: 1|400|Invalid HTTP Header: 'CONTENT-LENGTH'",
                "GET / HTTP/1.1\\r\\nContent-Length: +1|400|Invalid HTTP Header: 'CONTENT-LENGTH'",
                "GET / HTTP/1.1\\r\\nContent-Length: 1, 1|400|Invalid HTTP Header: 'CONTENT-LENGTH'",
                "GET / HTTP/1.1\\r\\nContent-Length: 99999999999999999999|400|Invalid HTTP Header: 'CONTENT-LENGTH'",
                "GET / HTTP/1.1\\r\\nContent-Length: 1\\r\\nTransfer-Encoding: chunked|400|Invalid HTTP Header: 'CONTENT-LENGTH'",
                "GET / HTTP/1.0\\r\\nTransfer-Encoding: chunked|400|Invalid HTTP Header: 'TRANSFER-ENCODING'",
                "GET / HTTP/1.1\\r\\nTransfer-Encoding: chunked\\r\\nTransfer-Encoding: chunked|400|Invalid HTTP Header: 'TRANSFER-ENCODING'",
                "GET / HTTP/1.1\\r\\nTransfer-Encoding: foo|501|Unsupported transfer coding: 'foo'",
                "GET / HTTP/1.1\\r\\nTransfer-Encoding: gzip, chunked|501|Unsupported transfer coding: 'gzip, chunked'",
            })
    void malformedRequestIsRefusedLoggedAndEndsTheConnection(
            String request, int status, String message) throws Exception {
        String raw =
                request.replace("\\r", "\r")
                        .replace("\\n", "\n")
                        .replace("\\u0000", "\0")
                        .replace("\\u0001", "\1");
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send(raw + "\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n");
            String answer = client.readAll();
            assertThat(answer).startsWith("HTTP/1.1 " + status + " Bad Request\r\n");
            assertThat(answer.replace("&#x27;", "'")).contains(message);
            assertThat(answer.split("Connection: close", -1)).as("one answer").hasSize(2);
            assertThat(warnings.next()).startsWith("Invalid request from ip=127.0.0.1: " + message);
            assertThat(arrived).isEmpty();
        }
    }

    @Test
    void brokenChunkIsRefused() throws Exception {
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabXX");
            assertThat(client.readAll()).startsWith("HTTP/1.1 400 Bad Request\r\n");
            assertThat(arrived).isEmpty();
        }
    }

    @Test
    void limitsAreThoseOfTheSettings() throws Exception {
        try (TestServer server = server();
                RawClient line = server.client();
                RawClient endless = server.client();
                RawClient fields = server.client();
                RawClient size = server.client()) {
            line.send("GET /" + "a".repeat(4081) + " HTTP/1.1\r\n\r\n");
            assertThat(line.readAll()).contains("Request Line is too large (4095 &gt; 4094)");
            endless.send("a".repeat(5000));
            assertThat(endless.readAll()).contains("Request Line is too large (5000 &gt; 4094)");
            fields.send("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(101) + "\r\n");
            assertThat(fields.readAll())
                    .startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n")
                    .contains("Error parsing headers: &#x27;limit request headers fields&#x27;");
            size.send("GET / HTTP/1.1\r\nA: " + "b".repeat(8190) + "\r\n\r\n");
            assertThat(size.readAll()).contains("limit request headers fields size");
            assertThat(arrived).isEmpty();
        }
    }

    @Test
    void requestsAtTheLimitsPass() throws Exception {
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send(
                    "GET /"
                            + "a".repeat(4080)
                            + " HTTP/1.1\r\n"
                            + "A: b\r\n".repeat(99)
                            + "B: "
                            + "c".repeat(8185)
                            + "\r\n\r\n");
            assertThat(next().request().headers()).hasSize(100);
        }
    }

    @Test
    void answerToARefusedUploadReachesTheClient() throws Exception {
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send(
                    "POST / HTTP/1.1\r\nContent-Length: 500000\r\nExpect: x\r\n\r\n"
                            + "x".repeat(500_000));
            assertThat(client.readAll()).startsWith("HTTP/1.1 417 ");
        }
    }

    @Test
    void underscoresAreDroppedUnlessAForwarderMaySetThem() throws Exception {
        String request = "GET / HTTP/1.1\r\nX_A: 1\r\nScript_Name: /s\r\nB: 2\r\n\r\n";
        try (TestServer trusting = server("drop", List.of("127.0.0.0/8"));
                TestServer careful = server("drop", List.of("10.0.0.1"));
                RawClient forwarder = trusting.client();
                RawClient stranger = careful.client()) {
            forwarder.send(request);
            assertThat(next().request().headers())
                    .containsExactly(
                            new RequestHead.Header("SCRIPT_NAME", "/s"),
                            new RequestHead.Header("B", "2"));
            stranger.send(request);
            assertThat(next().request().headers())
                    .containsExactly(new RequestHead.Header("B", "2"));
        }
    }

    @Test
    void underscoresAreRefusedOrKeptOnDemand() throws Exception {
        String request = "GET / HTTP/1.1\r\nX_A: 1\r\n\r\n";
        try (TestServer refusing = server("refuse", List.of());
                TestServer dangerous = server("dangerous", List.of());
                RawClient refused = refusing.client();
                RawClient kept = dangerous.client()) {
            assertThat(refused.send(request).readAll())
                    .contains("Invalid HTTP header name: &#x27;X_A&#x27;");
            kept.send(request);
            assertThat(next().request().headers())
                    .containsExactly(new RequestHead.Header("X_A", "1"));
        }
    }

    @Test
    void trustedPeerDecidesTheScheme() throws Exception {
        try (TestServer trusting = server("drop", List.of("*"));
                TestServer careful = server("drop", List.of("10.0.0.1"));
                RawClient forwarder = trusting.client();
                RawClient stranger = careful.client();
                RawClient confused = trusting.client()) {
            forwarder.send("GET / HTTP/1.1\r\nX-Forwarded-Proto: https\r\n\r\n");
            assertThat(next().request().scheme()).isEqualTo("https");
            stranger.send("GET / HTTP/1.1\r\nX-Forwarded-Proto: https\r\n\r\n");
            assertThat(next().request().scheme()).isEqualTo("http");
            confused.send(
                    "GET / HTTP/1.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off\r\n\r\n");
            assertThat(confused.readAll()).contains("Contradictory scheme headers");
        }
    }

    @Test
    void everyRuleNamesItsSection() {
        assertThat(RequestChecks.sections())
                .hasSizeGreaterThan(5)
                .allMatch(s -> s.startsWith("RFC 9"));
    }
}
