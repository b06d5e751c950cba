package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.jgunicorn.testkit.Await;
import io.jgunicorn.testkit.Conversation;
import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests in JSON lines and in the error log, with their ids. */
@Tag("product")
class RequestLogIT {
    private static final String APP =
            """
            import threading
            import time

            released = threading.Event()

            def app(environ, start_response):
                path = environ["PATH_INFO"]
                if path.startswith("/raise"):
                    deep(path)
                if path == "/hang":
                    released.wait(60)
                body = environ["jgunicorn.request_id"].encode()
                if path == "/stream":
                    start_response("200 OK", [])
                    return (body for _ in iter(lambda: released.wait(0.01), True))
                start_response("200 OK", [("Content-Length", str(len(body)))])
                return [body]

            def deep(path, depth=20):
                if depth == 0:
                    raise RuntimeError("raised for " + path)
                deep(path, depth - 1)
            """;

    @RegisterExtension static final Servers SERVERS = new Servers();

    private static ServerProcess start(String... args) {
        return SERVERS.start(
                        Launch.spec("asked:app")
                                .file("asked.py", APP)
                                .args("--access-logfile", "access.log", "--access-log-json")
                                .args("--request-id-header", "X-Request-ID")
                                .args(args))
                .awaitReady(1);
    }

    private static List<JsonObject> lines(ServerProcess server) {
        Path file = server.directory().resolve("access.log");
        try {
            String text = Files.readString(file);
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The line of the only request with this target. */
    private static JsonObject line(ServerProcess server, String target) {
        List<JsonObject> found = new ArrayList<>();
        Await.until(
                "a line for " + target,
                PATIENCE,
                () -> {
                    lines(server).stream()
                            .filter(line -> line.get("target").getAsString().equals(target))
                            .forEach(found::add);
                    return !found.isEmpty();
                });
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static String outcome(JsonObject line) {
        return line.get("status").getAsInt() + " " + line.get("outcome").getAsString();
    }

    @Test
    void idOfATrustedProxyIsInEnvironAccessLogAndErrorLog() throws IOException {
        ServerProcess server = start();
        try (RawHttp client = server.connect()) {
            String answer =
                    client.request("POST", "/ok", "four", "X-Request-ID: abc-1", "Referer: \"r\"")
                            .body();
            assertThat(answer).isEqualTo("abc-1");
            assertThat(client.request("GET", "/made", "", "X-Request-ID: not ok").body())
                    .matches("[0-9a-f]{32}");
            server.expect("Error handling request", "Traceback");
            client.request("GET", "/raise", "", "X-Request-ID: abc-2");
        }
        JsonObject line = line(server, "/ok");
        assertThat(line.get("request_id").getAsString()).isEqualTo("abc-1");
        assertThat(line.get("client").getAsString()).isEqualTo("127.0.0.1");
        assertThat(line.get("peer").getAsString()).matches("127\\.0\\.0\\.1:\\d+");
        assertThat(line.get("method").getAsString()).isEqualTo("POST");
        assertThat(line.get("protocol").getAsString()).isEqualTo("HTTP/1.1");
        assertThat(line.get("bytes_in").getAsInt()).isEqualTo(4);
        assertThat(line.get("bytes_out").getAsInt()).isEqualTo(5);
        assertThat(line.get("host").getAsString()).isEqualTo("test");
        assertThat(line.get("referer").getAsString()).isEqualTo("\"r\"");
        assertThat(line.get("user_agent").isJsonNull()).isTrue();
        assertThat(server.workers()).contains(line.get("worker").getAsLong());
        assertThat(line.get("queue_us").getAsLong())
                .isBetween(0L, line.get("duration_us").getAsLong());
        assertThat(line.get("time").getAsString())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(outcome(line)).isEqualTo("200 ok");
        assertThat(outcome(line(server, "/raise"))).isEqualTo("500 failed");
        server.awaitLine("Error handling request GET /raise \\(request abc-2\\)$");
    }

    @Test
    void requestsWithoutAnAnswerOfTheApplicationHaveLinesToo() throws IOException {
        ServerProcess server =
                start(
                        "--request-timeout",
                        "2",
                        "-k",
                        "gthread",
                        "--threads",
                        "2",
                        "--keep-alive",
                        "5");
        server.expect("WORKER TIMEOUT", "GET /hang", "Traceback", "was sent SIG");
        String _ =
                Conversation.everything(
                        server.address(), "GET /refused HTTP/1.1\r\nX Y: z\r\n\r\n");
        String _ = Conversation.everything(server.address(), "GET /short HTTP/1.1\r\n");
        try (RawHttp client = server.connect()) {
            client.send("GET /stream HTTP/1.1\r\nHost: test\r\n\r\n");
            client.readHead();
            client.reset();
        }
        try (RawHttp client = server.connect()) {
            client.send(
                    """
                    POST /upload HTTP/1.1\r
                    Host: t\r
                    Content-Length: 9\r
                    Expect: 100-continue\r
                    \r
                    """);
            assertThat(client.readHead().status()).isEqualTo(100); // it has come
            client.reset();
        }
        JsonObject aborted = line(server, "/stream");
        assertThat(outcome(aborted)).isEqualTo("499 client_aborted");
        JsonObject upload = line(server, "/upload");
        assertThat(outcome(upload)).isEqualTo("499 client_aborted");
        assertThat(upload.get("queue_us").isJsonNull()).isTrue();
        assertThat(outcome(line(server, "/refused"))).isEqualTo("400 refused");
        try (RawHttp client = server.connect()) {
            assertThat(client.request("GET", "/hang", "").status()).isEqualTo(504);
        }
        assertThat(outcome(line(server, "/hang"))).isEqualTo("504 timed_out");
    }

    @Test
    void everyKindOfRequestHasALineThatIsOneJsonObject() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("logged:app")
                                .args("--access-logfile", "access.log", "--access-log-json")
                                .expecting("Error handling", "Traceback", "Configuration problem"));
        server.awaitReady(1);
        for (LoggedRequests kind : LoggedRequests.all()) {
            String _ = Conversation.everything(server.address(), kind.bytes());
        }
        server.get("/the-last");
        line(server, "/the-last");
        assertThat(lines(server)).hasSizeGreaterThan(LoggedRequests.all().size());
        String text = Files.readString(server.directory().resolve("access.log"));
        assertThat(text.chars()).allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7f));
    }

    @Test
    void tracebacksAreWholeAndBelongToTheirRequests() throws IOException {
        ServerProcess server = start("-k", "gthread", "--threads", "8");
        server.expect("Error handling request", "Traceback");
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String target = "/raise/" + i;
            clients.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        for (int j = 0; j < 5; j++) {
                                            server.get(target);
                                        }
                                    }));
        }
        for (Thread client : clients) {
            assertThat(joined(client)).isTrue();
        }
        server.log().await(0, "RuntimeError: raised for", 40, PATIENCE);
        List<String> texts = server.log().texts();
        int found = 0;
        for (int i = 0; i < texts.size(); i++) {
            int at = texts.get(i).indexOf("Error handling request GET /raise/");
            if (at >= 0) {
                found++;
                String target = texts.get(i).substring(at).split(" ")[4];
                assertThat(texts.get(i + 1)).isEqualTo("Traceback (most recent call last):");
                int end = i + 2;
                while (texts.get(end).startsWith(" ")) {
                    end++;
                }
                assertThat(texts.get(end)).isEqualTo("RuntimeError: raised for " + target);
            }
        }
        assertThat(found).isEqualTo(40);
    }

    private static boolean joined(Thread thread) {
        try {
            return thread.join(PATIENCE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
