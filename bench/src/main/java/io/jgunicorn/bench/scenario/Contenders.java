package io.jgunicorn.bench.scenario;

import io.jgunicorn.bench.server.Contender;
import io.jgunicorn.bench.server.ServerKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The servers and their settings. Names are keys of results: figures look for them. */
public final class Contenders {
    /** It would stop at 100. */
    private static final String WAITRESS_LIMIT = "--connection-limit=1024";

    public static final Contender OURS_1 =
            new Contender("jgunicorn -w 1", ServerKind.JGUNICORN, "-w", "1");
    public static final Contender OURS_2 =
            new Contender("jgunicorn -w 2", ServerKind.JGUNICORN, "-w", "2");
    public static final Contender GUNICORN =
            new Contender(
                    "gunicorn gthread 2x4",
                    ServerKind.GUNICORN,
                    "-w",
                    "2",
                    "-k",
                    "gthread",
                    "--threads",
                    "4");
    public static final Contender UWSGI =
            new Contender("uWSGI 2", ServerKind.UWSGI, "--processes", "2", "--http11-socket");

    /** Serves all connections at once, which http11-socket does not. */
    static final Contender UWSGI_ROUTER =
            new Contender(
                    "uWSGI 2 behind its router",
                    ServerKind.UWSGI_ROUTER,
                    "--processes",
                    "2",
                    "--plugin",
                    "http",
                    "--http-keepalive",
                    "--http");

    public static final Contender WAITRESS =
            new Contender("waitress", ServerKind.WAITRESS, "--threads=8", WAITRESS_LIMIT);

    /**
     * uWSGI's http11-socket keeps connections alive whatever the client says; http-socket closes
     * them, but does not announce it, which clients count as an error.
     */
    static final Contender UWSGI_CLOSING =
            new Contender(
                    "uWSGI 2 http-socket",
                    ServerKind.UWSGI,
                    "--processes",
                    "2",
                    "--add-header",
                    "Connection: close",
                    "--http-socket");

    public static final Contender BARE_NETTY =
            new Contender("bare Netty", ServerKind.NETTY, "io.jgunicorn.bench.netty.BareServer");

    public static final Contender OURS_SYNC = ours("-k", "sync");
    public static final Contender OURS_GTHREAD = ours("-k", "gthread", "--threads", "4");
    public static final Contender OURS_GEVENT = ours("-k", "gevent");
    public static final Contender OURS_32_THREADS = ours("-k", "gthread", "--threads", "32");

    static final Contender OURS_LOGGING =
            new Contender(
                    "jgunicorn --access-logfile",
                    ServerKind.JGUNICORN,
                    "--access-logfile",
                    temporaryLog());

    static final Contender OURS_LOGGING_JSON =
            new Contender(
                    "jgunicorn --access-log-json",
                    ServerKind.JGUNICORN,
                    "--access-log-json",
                    "--access-logfile",
                    temporaryLog());

    private Contenders() {}

    /** A file on disk that goes with this process. */
    private static String temporaryLog() {
        try {
            Path file = Files.createTempFile("jgunicorn-bench-access-", ".log");
            file.toFile().deleteOnExit();
            return file.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Contender> everybody() {
        return List.of(OURS_1, OURS_2, GUNICORN, UWSGI, WAITRESS);
    }

    /** Each may run this many requests at once; an even number. */
    static List<Contender> withConcurrency(int requests) {
        String all = Integer.toString(requests);
        String half = Integer.toString(requests / 2);
        return List.of(
                ours("-k", "gthread", "--threads", all),
                new Contender(
                        "gunicorn gthread 2x" + half,
                        ServerKind.GUNICORN,
                        "-w",
                        "2",
                        "-k",
                        "gthread",
                        "--threads",
                        half),
                new Contender(
                        "uWSGI 2x" + half,
                        ServerKind.UWSGI,
                        "--processes",
                        "2",
                        "--threads",
                        half,
                        "--http11-socket"),
                new Contender(
                        "waitress " + all + " threads",
                        ServerKind.WAITRESS,
                        "--threads=" + all,
                        WAITRESS_LIMIT));
    }

    /** One worker with these words. */
    private static Contender ours(String... words) {
        return new Contender(
                "jgunicorn " + String.join(" ", words), ServerKind.JGUNICORN, List.of(words));
    }
}
