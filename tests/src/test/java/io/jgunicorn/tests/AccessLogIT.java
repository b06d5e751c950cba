package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Await;
import io.jgunicorn.testkit.Conversation;
import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the access log says of requests of many kinds, of us and of gunicorn. */
@Tag("product")
class AccessLogIT {
    private static final String DEFAULT = "";

    /** Every atom that does not depend on the application, with conversions. */
    private static final String ATOMS =
            "%(h)s|%(l)s|%(u)s|%(t)s|%(r)s|%(m)s|%(U)s|%(q)s|%(H)s|%(s)s|%(B)s|%(b)s|%(f)s|%(a)s"
                    + "|T=%(T)s|M=%(M)s|D=%(D)s|L=%(L)s|%(p)s|%(zz)s|100%%|%(B)07d|%(s)-5s|%(m).2s"
                    + "|%({X-Twice}i)s|%({user-agent}i)s|%({x-none}i)s|%({Content-Type}o)s"
                    + "|%({x-out}o)s|%({content-length}o)s|%({server}o)s";

    private static final String ENVIRON =
            "%({REQUEST_METHOD}e)s|%({script_name}e)s|%({PATH_INFO}e)s|%({RAW_URI}e)s"
                    + "|%({QUERY_STRING}e)s|%({SERVER_PROTOCOL}e)s|%({REMOTE_ADDR}e)s"
                    + "|%({SERVER_NAME}e)s|%({wsgi.url_scheme}e)s|%({CONTENT_LENGTH}e)s"
                    + "|%({HTTP_X_TWICE}e)s|%({HTTP_USER_AGENT}e)s|%({HTTP_NONE}e)s"
                    + "|%({app.text}e)s|%({app.number}e)s|%({app.none}e)s|%({app.mixed}e)s"
                    + "|%({app.missing}e)s|%(s)s";

    /**
     * Our lines of the default format where gunicorn has another one, or none; docs/differences.md
     * says why.
     */
    private static final Map<String, String> DIFFERENT = differences();

    private static Map<String, String> differences() {
        Map<String, String> ours = new LinkedHashMap<>();
        // gunicorn 26 sends no body here either, but gunicorn 23 does.
        ours.put("HEAD with a body that is not sent", plain("HEAD / HTTP/1.1", "200 0"));
        // Nothing that a client sends may look like another line.
        ours.put("a tab in the agent", logged("-", "GET / HTTP/1.1", "200 3", "a\\x09b"));
        ours.put("a Basic user with a line end", logged("u\\x0as", "GET / HTTP/1.1", "200 3", "-"));
        // What the server has seen, whatever a middleware makes of it.
        ours.put("an address that middleware sets", plain("GET /proxied HTTP/1.1", "200 3"));
        // Since gunicorn 26.
        ours.put("another expectation", plain("GET / HTTP/1.1", "417 0"));
        ours.put("an unknown transfer coding", plain("GET / HTTP/1.1", "501 0"));
        // Refused requests have lines, too.
        ours.put("an invalid method", plain("get / HTTP/1.1", "400 0"));
        ours.put("an invalid version", plain("GET / HTTP/9.9", "400 0"));
        ours.put("no version", plain("GET / -", "400 0"));
        ours.put("no request line", plain("nonsense - -", "400 0"));
        ours.put(
                "a request line that is too long",
                plain("GET /" + "x".repeat(5000) + " HTTP/1.1", "400 0"));
        ours.put("a field that is too long", plain("GET / HTTP/1.1", "431 0"));
        ours.put("an invalid field name", plain("GET / HTTP/1.1", "400 0"));
        ours.put("a field without a colon", plain("GET / HTTP/1.1", "400 0"));
        return ours;
    }

    private static String plain(String request, String response) {
        return logged("-", request, response, "-");
    }

    private static String logged(String user, String request, String response, String agent) {
        return "127.0.0.1 - %s [TIME] \"%s\" %s \"-\" \"%s\""
                .formatted(user, request, response, agent);
    }

    private static final Pattern TIME =
            Pattern.compile("\\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}]");

    private static final Pattern DURATIONS =
            Pattern.compile("T=\\d+\\|M=\\d+\\|D=\\d+\\|L=\\d+\\.\\d{6}\\|<\\d+>");

    @RegisterExtension static final Servers SERVERS = new Servers();

    private static Launch launch(String format) {
        Launch launch =
                Launch.app("logged:app")
                        .args("-k", "gthread", "--threads", "1", "--access-logfile", "access.log")
                        .args("--proxy-protocol", "--proxy-allow-from", "127.0.0.1")
                        .expecting("Error handling request", "Traceback", "Configuration problem");
        return format.isEmpty() ? launch : launch.args("--access-logformat", format);
    }

    /** The lines of each kind; what stands between two requests of ours belongs to one kind. */
    private static Map<String, List<String>> lines(ServerProcess server) throws IOException {
        Path log = server.directory().resolve("access.log");
        server.awaitReady(1);
        int mark = awaitSentinel(server, log, 0, new ArrayList<>());
        Map<String, List<String>> lines = new LinkedHashMap<>();
        for (LoggedRequests kind : LoggedRequests.all()) {
            String _ = Conversation.everything(server.address(), kind.bytes());
            List<String> own = new ArrayList<>();
            mark = awaitSentinel(server, log, mark, own);
            lines.put(kind.name(), own);
        }
        return lines;
    }

    /** Sends a request whose line comes after all others so far; gives those, and a new mark. */
    private static int awaitSentinel(ServerProcess server, Path log, int mark, List<String> lines)
            throws IOException {
        try (RawHttp client = server.connect()) {
            client.request("GET", "/the-sentinel", "", "Connection: close");
        }
        List<String> all = new ArrayList<>();
        Await.until(
                "a line for the sentinel",
                PATIENCE,
                () -> {
                    all.clear();
                    all.addAll(read(log));
                    return all.size() > mark && all.getLast().contains("/the-sentinel");
                });
        all.subList(mark, all.size() - 1).stream().map(AccessLogIT::masked).forEach(lines::add);
        return all.size();
    }

    private static List<String> read(Path log) {
        try {
            String text = Files.readString(log, StandardCharsets.UTF_8);
            return text.endsWith("\n") ? List.of(text.split("\n")) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String masked(String line) {
        String timeless = TIME.matcher(line).replaceFirst("[TIME]");
        return DURATIONS.matcher(timeless).replaceFirst("DURATIONS");
    }

    /** Our lines, where they are not those of gunicorn. */
    private static Map<String, List<String>> different(String format) throws IOException {
        Map<String, List<String>> theirs = lines(SERVERS.startReference(launch(format)));
        Map<String, List<String>> ours = lines(SERVERS.start(launch(format)));
        assertThat(ours).hasSizeGreaterThan(80).containsOnlyKeys(theirs.keySet());
        ours.entrySet().removeIf(kind -> kind.getValue().equals(theirs.get(kind.getKey())));
        return ours;
    }

    /** Those that the default format does not show, too. */
    private static Set<String> withDetails(Collection<String> kinds) {
        Set<String> all = new LinkedHashSet<>(kinds);
        // gunicorn lets a path forge lines.
        all.add("an encoded line end in the path");
        // gunicorn takes the bytes for characters, and encodes those as UTF-8.
        all.add("UTF-8 as it is");
        all.add("a byte that is no UTF-8");
        // gunicorn has forgotten path and environ of a request that went wrong: None, or -.
        all.add("an exception before the head");
        all.add("a path outside of SCRIPT_NAME");
        all.add("an invalid Content-Length");
        all.add("two lengths");
        return all;
    }

    @Test
    void linesOfTheDefaultFormatAreThoseOfGunicorn() throws IOException {
        Map<String, List<String>> different = different(DEFAULT);
        Map<String, List<String>> expected = new LinkedHashMap<>();
        DIFFERENT.forEach((kind, line) -> expected.put(kind, List.of(line)));
        assertThat(different).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void everyAtomIsThatOfGunicorn() throws IOException {
        assertThat(different(ATOMS).keySet()).isEqualTo(withDetails(DIFFERENT.keySet()));
    }

    @Test
    void environValuesAreThoseOfGunicorn() throws IOException {
        Set<String> same =
                Set.of(
                        "HEAD with a body that is not sent",
                        "a Basic user with a line end",
                        "an address that middleware sets");
        List<String> others =
                DIFFERENT.keySet().stream().filter(kind -> !same.contains(kind)).toList();
        assertThat(different(ENVIRON).keySet()).isEqualTo(withDetails(others));
    }
}
