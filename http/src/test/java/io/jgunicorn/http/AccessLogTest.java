package io.jgunicorn.http;

import static io.jgunicorn.http.Replies.NONE;
import static io.jgunicorn.http.Replies.headers;
import static io.jgunicorn.http.Replies.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.log.LogFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class AccessLogTest {
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-21T01:42:15Z"), ZoneOffset.UTC);
    private static final AccessEntry.Circumstances CIRCUMSTANCES =
            new AccessEntry.Circumstances(
                    "127.0.0.1:4711", "id-1", 7, 2_500, AccessEntry.Outcome.OK);
    private static final EnvironKeys KEYS = new EnvironKeys("");
    private static final RequestHead REQUEST =
            new RequestHead(
                    "GET",
                    "/a%20b?q=\"1\"",
                    "/a%20b",
                    "q=\"1\"",
                    "HTTP/1.1",
                    List.of(
                            new RequestHead.Header("AUTHORIZATION", "Basic dXNlcjpwdw=="),
                            new RequestHead.Header("REFERER", "http://r/"),
                            new RequestHead.Header("X-TWICE", "1"),
                            new RequestHead.Header("X-TWICE", "2"),
                            new RequestHead.Header("USER-AGENT", "say \"hi\"\t")),
                    "http",
                    "127.0.0.1",
                    "4711",
                    "127.0.0.1",
                    "8000",
                    Optional.empty());

    @TempDir private Path folder;

    private static AccessLog start(String format, LogFile file) {
        return AccessLog.start(
                new AccessLog.Lines(false, format, ""),
                AccessLog.Destinations.of(file),
                CLOCK,
                HttpNotices.silent());
    }

    private static String line(String format) {
        return line(format, REQUEST);
    }

    private static String line(String format, RequestHead request) {
        AccessEntry entry =
                new AccessEntry(
                        request,
                        "200",
                        42,
                        1_058_999L,
                        headers("X-Out", "o"),
                        Map.of("app.key", "set"),
                        CIRCUMSTANCES);
        StringBuilder out = new StringBuilder();
        AccessLogFormat.compile(format, CLOCK, KEYS).append(entry, out);
        return out.toString();
    }

    @Test
    void defaultFormatIsGunicorns() {
        assertThat(line("%(h)s %(l)s %(u)s %(t)s \"%(r)s\" %(s)s %(b)s \"%(f)s\" \"%(a)s\""))
                .isEqualTo(
                        "127.0.0.1 - user [21/Nov/2026:01:42:15 +0000]"
                                + " \"GET /a%20b?q=\\\"1\\\" HTTP/1.1\" 200 42"
                                + " \"http://r/\" \"say \\\"hi\\\"\\x09\"\n");
    }

    @Test
    void everyAtomHasItsValue() {
        assertThat(line("%(m)s %(U)s %(q)s %(H)s %(B)s %(T)s %(M)s %(D)s %(L)s %(p)s"))
                .isEqualTo(
                        "GET /a b q=\\\"1\\\" HTTP/1.1 42 0 1 1058 0.001058 <"
                                + ProcessHandle.current().pid()
                                + ">\n");
        assertThat(line("%({Referer}i)s %({x-out}o)s %({wsgi.url_scheme}e)s %({none}i)s %(zz)s"))
                .isEqualTo("http://r/ o http - -\n");
        assertThat(line("100%% %x % %(h)x %(")).isEqualTo("100% %x % %(h)x %(\n");
    }

    @Test
    void nothingOfARefusedRequestLineCanForgeALine() {
        RequestHead refused =
                RequestHead.ofLine(
                        "GET / HTTP/1.1\" 200 5\r\u001b[2J\0",
                        new Peer("127.0.0.1", "4711", "127.0.0.1", "8000", false));

        assertThat(line("\"%(r)s\" %(H)s", refused))
                .isEqualTo(
                        "\"GET / HTTP/1.1\\\" 200 5\\x0d\\x1b[2J\\x00\""
                                + " HTTP/1.1\\\" 200 5\\x0d\\x1b[2J\\x00\n");
    }

    @Test
    void widthsAndPrecisionsAreThoseOfPython() {
        assertThat(line("[%(m)6s] [%(m)-6s] [%(m).1s] [%(B)d] [%(B)5d] [%(B)-5i] [%(B)05d]"))
                .isEqualTo("[   GET] [GET   ] [G] [42] [   42] [42   ] [00042]\n");
        assertThat(line("[%(B)+d] [%(B)+05d] [%(B).4d] [%(B)6.4d] [%(m)06s]"))
                .isEqualTo("[+42] [+0042] [0042] [  0042] [   GET]\n");
    }

    @Test
    void theLastOfRepeatedFieldsIsShown() {
        assertThat(line("%({x-twice}i)s")).isEqualTo("2\n");
    }

    @Test
    void usersAreReadAsLenientlyAsInGunicorn() {
        assertThat(BasicUser.of("dXNlcjpwdw==")).contains("user");
        assertThat(BasicUser.of(" dXNl!cg== ")).contains("user");
        assertThat(BasicUser.of("dXNlcjpwdzE=")).contains("user");
        assertThat(BasicUser.of("dXNlcjpwdw")).isEmpty();
        assertThat(BasicUser.of("d")).isEmpty();
        assertThat(BasicUser.of("OnB3")).isEmpty();
        assertThat(BasicUser.of("6TpwdzE=")).isEmpty();
        assertThat(BasicUser.of("")).isEmpty();
    }

    @Test
    void environKeysThatFollowFromTheRequestNeedNoPython() {
        assertThat(
                        line(
                                "%({REQUEST_METHOD}e)s %({SERVER_PROTOCOL}e)s %({REMOTE_ADDR}e)s"
                                        + " %({REMOTE_PORT}e)s %({SERVER_NAME}e)s"
                                        + " %({SERVER_PORT}e)s %({wsgi.url_scheme}e)s"))
                .isEqualTo("GET HTTP/1.1 127.0.0.1 4711 127.0.0.1 8000 http\n");
        assertThat(
                        line(
                                "%({RAW_URI}e)s|%({PATH_INFO}e)s|%({QUERY_STRING}e)s"
                                        + "|%({SCRIPT_NAME}e)s|%({CONTENT_TYPE}e)s"))
                .isEqualTo("/a%20b?q=\\\"1\\\"|/a b|q=\\\"1\\\"||-\n");
        assertThat(line("%({HTTP_REFERER}e)s %({HTTP_X_TWICE}e)s %({HTTP_NONE}e)s"))
                .isEqualTo("http://r/ 1,2 -\n");
        assertThat(line("%({app.key}e)s %({app.other}e)s")).isEqualTo("set -\n");
    }

    @Test
    void environOfAUnixSocketNamesTheHostTheClientAskedFor() {
        RequestHead request =
                new RequestHead(
                        "GET",
                        "/p/x",
                        "/p/x",
                        "",
                        "HTTP/1.1",
                        List.of(
                                new RequestHead.Header("HOST", "[::1]:81"),
                                new RequestHead.Header("SCRIPT_NAME", "/p"),
                                new RequestHead.Header("CONTENT-LENGTH", "0")),
                        "https",
                        "",
                        "",
                        "/run/app.sock",
                        "",
                        Optional.empty());
        StringBuilder out = new StringBuilder();
        AccessLogFormat.compile(
                        "%({SERVER_NAME}e)s %({SERVER_PORT}e)s %({SCRIPT_NAME}e)s"
                                + " %({PATH_INFO}e)s %({CONTENT_LENGTH}e)s",
                        CLOCK, KEYS)
                .append(
                        new AccessEntry(
                                request, "200", 0, 0, Replies.NONE, Map.of(), CIRCUMSTANCES),
                        out);
        assertThat(out).hasToString("[::1] 81 /p /x 0\n");
    }

    @Test
    void linesAreWrittenForEveryWayARequestEnds() throws Exception {
        BlockingQueue<Exchange> arrived = new LinkedBlockingQueue<>();
        Path file = folder.resolve("access.log");
        try (LogFile log = LogFile.appendingTo(file)) {
            AccessLog accessLog = start("%(r)s %(s)s %(b)s", log);
            try (TestServer server = TestServer.start(c -> c.accessLog(accessLog), arrived::add)) {
                RawClient client = server.client();
                client.send("GET /ok HTTP/1.1\r\n\r\n");
                ok(arrived.poll(10, TimeUnit.SECONDS), "four");
                client.response();
                client.send("GET /streamed HTTP/1.1\r\n\r\n");
                Exchange streamed = arrived.poll(10, TimeUnit.SECONDS);
                streamed.start("201 Created", NONE);
                streamed.write(new byte[7]);
                streamed.finish();
                client.response();
                client.send("GET /expired HTTP/1.1\r\n\r\n");
                arrived.poll(10, TimeUnit.SECONDS).expire();
                client.readAll();
                RawClient leaver = server.client();
                leaver.send("GET /gone HTTP/1.1\r\n\r\n");
                Exchange gone = arrived.poll(10, TimeUnit.SECONDS);
                leaver.reset();
                while (!gone.clientGone()) {
                    Thread.onSpinWait();
                }
                gone.fail();
                RawClient refused = server.client();
                refused.send("GET /refused HTTP/1.1\r\nExpect: x\r\n\r\n").readAll();
                refused.close();
                RawClient nonsense = server.client();
                nonsense.send("non\"sense\r\n\r\n").readAll();
                nonsense.close();
                RawClient uploader = server.client();
                uploader.send("POST /upload HTTP/1.1\r\nContent-Length: 5\r\n\r\nab");
                uploader.close();
                client.close();
                RawClient last = server.client();
                last.send("GET /last HTTP/1.1\r\n\r\n");
                ok(arrived.poll(10, TimeUnit.SECONDS), "four");
                last.response();
                last.close();
            }
            accessLog.close();
        }
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "GET /ok HTTP/1.1 200 4",
                        "GET /streamed HTTP/1.1 201 7",
                        "GET /expired HTTP/1.1 504 0",
                        "GET /gone HTTP/1.1 499 0",
                        "GET /refused HTTP/1.1 417 0",
                        "non\\\"sense - - 400 0",
                        "POST /upload HTTP/1.1 499 0",
                        "GET /last HTTP/1.1 200 4");
    }

    @Test
    void jsonLinesHoldEverythingAndNothingThatCouldForgeOne() {
        RequestHead request =
                new RequestHead(
                        "GET",
                        "/a\"b\\c\u00e9?\u0000",
                        "/",
                        "",
                        "HTTP/1.1",
                        List.of(
                                new RequestHead.Header("HOST", "h"),
                                new RequestHead.Header("USER-AGENT", "x\r\n{}\u2028\ud800\u007f")),
                        "http",
                        "203.0.113.9",
                        "1",
                        "127.0.0.1",
                        "8000",
                        Optional.empty());
        StringBuilder out = new StringBuilder();
        new JsonLine(CLOCK)
                .append(
                        new AccessEntry(
                                request,
                                "200",
                                42,
                                1_058_999L,
                                Replies.NONE,
                                Map.of(),
                                CIRCUMSTANCES),
                        out);
        assertThat(out)
                .hasToString(
                        "{\"time\":\"2026-11-21T01:42:15.000Z\",\"request_id\":\"id-1\""
                                + ",\"client\":\"203.0.113.9\",\"peer\":\"127.0.0.1:4711\""
                                + ",\"method\":\"GET\""
                                + ",\"target\":\"/a\\\"b\\\\c\\u00e9?\\u0000\""
                                + ",\"protocol\":\"HTTP/1.1\",\"status\":200,\"bytes_in\":7"
                                + ",\"bytes_out\":42,\"duration_us\":1058,\"queue_us\":2"
                                + ",\"worker\":"
                                + ProcessHandle.current().pid()
                                + ",\"host\":\"h\",\"referer\":null"
                                + ",\"user_agent\":\"x\\u000d\\u000a{}\\u2028\\ud800\\u007f\""
                                + ",\"outcome\":\"ok\"}\n");
    }

    @Test
    void idsAreTakenFromTrustedPeersOnlyAndMustBeHarmless() {
        RequestIds ids = new RequestIds(Optional.of("x-twice"));
        assertThat(ids.of(REQUEST, true)).isEqualTo("1");
        assertThat(ids.of(REQUEST, false)).matches("[0-9a-f]{32}");
        assertThat(new RequestIds(Optional.of("User-Agent")).of(REQUEST, true))
                .matches("[0-9a-f]{32}");
        assertThat(new RequestIds(Optional.empty()).of(REQUEST, true))
                .matches("[0-9a-f]{32}")
                .isNotEqualTo(new RequestIds(Optional.empty()).of(REQUEST, true));
    }

    @Test
    void writerThreadIsNamed() throws Exception {
        try (LogFile log = LogFile.appendingTo(folder.resolve("access.log"));
                AccessLog accessLog = start("%({A}e)s", log)) {
            assertThat(accessLog.environNames()).containsExactly("a");
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .contains("jgunicorn-access-log");
        }
    }
}
