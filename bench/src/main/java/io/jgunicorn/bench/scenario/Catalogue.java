package io.jgunicorn.bench.scenario;

import static io.jgunicorn.bench.scenario.Contenders.BARE_NETTY;
import static io.jgunicorn.bench.scenario.Contenders.GUNICORN;
import static io.jgunicorn.bench.scenario.Contenders.OURS_1;
import static io.jgunicorn.bench.scenario.Contenders.OURS_2;
import static io.jgunicorn.bench.scenario.Contenders.OURS_GEVENT;
import static io.jgunicorn.bench.scenario.Contenders.OURS_GTHREAD;
import static io.jgunicorn.bench.scenario.Contenders.OURS_LOGGING;
import static io.jgunicorn.bench.scenario.Contenders.OURS_LOGGING_JSON;
import static io.jgunicorn.bench.scenario.Contenders.OURS_SYNC;
import static io.jgunicorn.bench.scenario.Contenders.UWSGI;
import static io.jgunicorn.bench.scenario.Contenders.UWSGI_CLOSING;
import static io.jgunicorn.bench.scenario.Contenders.UWSGI_ROUTER;
import static io.jgunicorn.bench.scenario.Contenders.WAITRESS;
import static io.jgunicorn.bench.scenario.Contenders.everybody;
import static io.jgunicorn.bench.scenario.Contenders.withConcurrency;

import io.jgunicorn.bench.load.Load;
import io.jgunicorn.bench.load.Load.ClosedLoop;
import io.jgunicorn.bench.server.Application;
import io.jgunicorn.bench.server.Contender;
import java.util.List;

/** All scenarios, in the order of the report. */
public final class Catalogue {
    /** The load that most figures are about. */
    public static final String SIXTEEN = "keep-alive-16";

    private static final Application HELLO = new Application("hello", false, "/");
    private static final Application PAYLOAD = new Application("payload", false, "/");
    private static final Application BLOCKING = new Application("blocking", false, "/");
    private static final Application FLASK = new Application("flask_app", true, "/");
    private static final Application DJANGO = new Application("django_app", true, "/json/1");
    private static final String JSON = "/json/7?word=hello";

    private final Timing timing;

    public Catalogue(Timing timing) {
        this.timing = timing;
    }

    /** Everything. */
    public List<Scenario> full() {
        return List.of(
                hello(),
                helloClose(),
                classes(),
                accessLog(),
                payload(),
                sleep10(),
                sleep50(),
                cpu(),
                framework("flask-json", "Flask, JSON", FLASK, JSON),
                framework("flask-jinja", "Flask, a Jinja page", FLASK, "/page/ada"),
                framework("django", "Django view without a query", DJANGO, JSON),
                framework("django-sqlite", "Django view, one SQLite query", DJANGO, "/visit/7"),
                fairness(),
                overload(),
                boots("boot-hello", "Boot to ready: hello", HELLO),
                boots("boot-flask", "Boot to ready: Flask", FLASK),
                boots("boot-django", "Boot to ready: Django", DJANGO),
                curves("warmup-hello", "Warm-up and memory: hello", HELLO, "/"),
                curves("warmup-flask", "Warm-up and memory: Flask, JSON", FLASK, JSON));
    }

    /** What finishes in five minutes. */
    public List<Scenario> quick() {
        return List.of(
                steady(
                        "hello",
                        "Hello, kept-alive connections",
                        HELLO,
                        List.of(OURS_1, GUNICORN, UWSGI, BARE_NETTY),
                        timing.warmSeconds(),
                        List.of(get("/", 16))),
                steady(
                        "flask-json",
                        "Flask, JSON",
                        FLASK,
                        List.of(OURS_1, GUNICORN, UWSGI),
                        timing.frameworkWarmSeconds(),
                        List.of(get(JSON, 16))),
                new Scenario.Boots(
                        "boot-hello", "Boot to ready: hello", HELLO, List.of(OURS_1, GUNICORN)));
    }

    private Scenario hello() {
        return steady(
                "hello",
                "Hello, kept-alive connections",
                HELLO,
                List.of(OURS_1, OURS_2, GUNICORN, UWSGI, UWSGI_ROUTER, WAITRESS, BARE_NETTY),
                timing.warmSeconds(),
                List.of(get("/", 16), get("/", 1), get("/", 64), get("/", 256)));
    }

    private Scenario helloClose() {
        return steady(
                "hello-close",
                "Hello, a connection for each request",
                HELLO,
                List.of(OURS_1, OURS_2, GUNICORN, UWSGI_CLOSING, WAITRESS, BARE_NETTY),
                timing.warmSeconds(),
                List.of(closing(16), closing(1), closing(64), closing(256)));
    }

    private Scenario classes() {
        return steady(
                "classes",
                "Hello in our worker classes, one worker",
                HELLO,
                List.of(OURS_SYNC, OURS_GTHREAD, OURS_GEVENT),
                timing.warmSeconds(),
                List.of(get("/", 16)));
    }

    private Scenario accessLog() {
        return steady(
                "access-log",
                "Hello with and without an access log in a file, one worker",
                HELLO,
                List.of(OURS_1, OURS_LOGGING, OURS_LOGGING_JSON),
                timing.warmSeconds(),
                List.of(get("/", 16)));
    }

    private Scenario payload() {
        return steady(
                "payload",
                "Bodies of different sizes",
                PAYLOAD,
                everybody(),
                timing.warmSeconds(),
                List.of(
                        ClosedLoop.get("get-10k", "GET 10 KB, 16 connections", "/10k", 16),
                        ClosedLoop.get("get-100k", "GET 100 KB, 16 connections", "/100k", 16),
                        new ClosedLoop(
                                "echo-10k",
                                "POST 10 KB and get it back, 16 connections",
                                "/echo",
                                16,
                                true,
                                10_240),
                        ClosedLoop.get(
                                "file-10m",
                                "GET 10 MB by wsgi.file_wrapper, 4 connections",
                                "/file",
                                4)));
    }

    private Scenario sleep10() {
        return steady(
                "sleep-10ms",
                "Sleep 10 ms, at most 32 requests at once (ideal 3200 requests/s)",
                BLOCKING,
                withConcurrency(32),
                timing.warmSeconds() / 2,
                List.of(get("/sleep/10", 64), get("/sleep/10", 512)));
    }

    private Scenario sleep50() {
        return steady(
                "sleep-50ms",
                "Sleep 50 ms, at most 32 requests at once (ideal 640 requests/s)",
                BLOCKING,
                withConcurrency(32),
                timing.warmSeconds() / 2,
                List.of(get("/sleep/50", 64)));
    }

    private Scenario cpu() {
        return new Scenario.Steady(
                "cpu-5ms",
                "5 ms of plain Python",
                BLOCKING,
                everybody(),
                List.of(get("/cpu/5", 16)),
                timing.warmSeconds(),
                List.of(
                        "The work is fixed, about 5 ms of CPython 3.11 on a machine of 2024; a"
                                + " compiler may need less."));
    }

    private Scenario fairness() {
        ClosedLoop fast = ClosedLoop.get("fast", "fast", "/", 8);
        return steady(
                "fairness",
                "Fast requests beside slow ones, at most 8 at once",
                BLOCKING,
                withConcurrency(8),
                timing.warmSeconds() / 2,
                List.of(
                        new Load.Mixed(
                                "beside-sleep",
                                "8 connections of fast requests beside 4 that sleep 100 ms",
                                fast,
                                ClosedLoop.get("slow", "slow", "/sleep/100", 4)),
                        new Load.Mixed(
                                "beside-cpu",
                                "8 connections of fast requests beside 4 that compute 50 ms",
                                fast,
                                ClosedLoop.get("slow", "slow", "/cpu/50", 4))));
    }

    private Scenario overload() {
        return steady(
                "overload",
                "Overload: sleep 10 ms, 8 at once (capacity 800 requests/s), 1600 requests/s"
                        + " offered",
                BLOCKING,
                withConcurrency(8),
                timing.warmSeconds() / 2,
                List.of(
                        new Load.FixedRate(
                                "twice",
                                "1600 requests/s offered over 200 connections",
                                "/sleep/10",
                                200,
                                1600)));
    }

    private Scenario framework(String id, String title, Application application, String path) {
        return steady(
                id,
                title,
                application,
                List.of(OURS_1, OURS_2, GUNICORN, UWSGI, UWSGI_ROUTER, WAITRESS),
                timing.frameworkWarmSeconds(),
                List.of(get(path, 16)));
    }

    private static Scenario boots(String id, String title, Application application) {
        return new Scenario.Boots(
                id, title, application, List.of(OURS_1, OURS_2, GUNICORN, UWSGI, WAITRESS));
    }

    /** One worker only: each further contender is two minutes more in every round. */
    private static Scenario curves(String id, String title, Application application, String path) {
        return new Scenario.Curves(
                id,
                title,
                application,
                List.of(GUNICORN, UWSGI, OURS_1),
                (ClosedLoop) get(path, 16));
    }

    private static Scenario steady(
            String id,
            String title,
            Application application,
            List<Contender> contenders,
            int warmSeconds,
            List<Load> loads) {
        return new Scenario.Steady(
                id, title, application, contenders, loads, warmSeconds, List.of());
    }

    private static Load get(String path, int connections) {
        return ClosedLoop.get(
                "keep-alive-" + connections,
                "GET " + path + ", " + connections + " kept-alive connections",
                path,
                connections);
    }

    private static Load closing(int connections) {
        return new ClosedLoop(
                "close-" + connections,
                "GET /, " + connections + " at once, each on a new connection",
                "/",
                connections,
                false,
                0);
    }
}
