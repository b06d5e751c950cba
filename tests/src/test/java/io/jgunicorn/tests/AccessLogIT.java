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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private static void compare(String format) throws IOException {
        Map<String, List<String>> theirs = lines(SERVERS.startReference(launch(format)));
        Map<String, List<String>> ours = lines(SERVERS.start(launch(format)));
        StringBuilder differences = new StringBuilder();
        theirs.forEach(
                (kind, lines) -> {
                    if (!lines.equals(ours.get(kind))) {
                        differences.append(kind).append("\n  gunicorn: ").append(lines);
                        differences.append("\n  ours:     ").append(ours.get(kind)).append('\n');
                    }
                });
        assertThat(differences.toString()).isEmpty();
    }

    @Test
    void linesOfTheDefaultFormatAreThoseOfGunicorn() throws IOException {
        compare(DEFAULT);
    }

    @Test
    void everyAtomIsThatOfGunicorn() throws IOException {
        compare(ATOMS);
    }

    @Test
    void environValuesAreThoseOfGunicorn() throws IOException {
        compare(ENVIRON);
    }
}
