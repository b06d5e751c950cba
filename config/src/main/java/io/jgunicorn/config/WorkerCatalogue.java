package io.jgunicorn.config;

import static io.jgunicorn.config.Section.WORKER_PROCESSES;

import io.jgunicorn.config.Setting.Action;
import io.jgunicorn.config.Setting.CliType;
import io.jgunicorn.config.value.InvalidValueException;
import io.jgunicorn.config.value.OwnRules;
import io.jgunicorn.config.value.PyInt;
import io.jgunicorn.config.value.PyText;
import io.jgunicorn.config.value.RawValue;
import io.jgunicorn.config.value.SpecialValidators;
import io.jgunicorn.config.value.Surroundings;
import io.jgunicorn.config.value.Validators;
import java.util.List;
import java.util.Optional;

/** How many workers there are, how they run requests, and when they go. */
final class WorkerCatalogue {
    private WorkerCatalogue() {}

    static List<Setting> settings() {
        return List.of(
                number("workers", "-w", "--workers")
                        .byDefault(WorkerCatalogue::defaultWorkers)
                        .variable("WEB_CONCURRENCY")
                        .implemented(
                                "Number of worker processes. WEB_CONCURRENCY in the environment"
                                        + " sets the default. A worker is a JVM of its own: count"
                                        + " memory before cores."),
                Setting.named("worker_class", WORKER_PROCESSES)
                        .flags("-k", "--worker-class")
                        .metavar("STRING")
                        .rule(SpecialValidators::className)
                        .byDefault("sync")
                        .values(
                                "sync, gthread, gevent, gevent_wsgi, gevent_pywsgi, eventlet or tornado")
                        .differs(
                                "gevent, eventlet and tornado run requests on threads grown on demand;"
                                        + " asgi and classes of your own stop the start")
                        .implemented(
                                "How a worker runs requests: sync (one at a time), gthread (a pool"
                                        + " of threads), or gevent, eventlet and tornado, which are"
                                        + " served by threads grown on demand."),
                number("threads", "--threads")
                        .byDefault(1L)
                        .differs(
                                "a second thread is woken only when the running one waits, or has been"
                                        + " in its request for a millisecond")
                        .implemented(
                                "Python threads of a gthread worker. More than one turns sync into"
                                        + " gthread."),
                number("worker_connections", "--worker-connections")
                        .byDefault(1000L)
                        .differs(
                                "for gevent, eventlet and tornado it is also the most threads; sync"
                                        + " workers hold as many connections as heap and descriptors"
                                        + " allow, at most 10,000")
                        .implemented(
                                "Most connections one worker holds at a time, where its class has"
                                        + " such a bound."),
                number("max_requests", "--max-requests")
                        .byDefault(0L)
                        .differs(
                                "the worker serves on until its replacement is ready, so it may answer"
                                        + " more")
                        .implemented(
                                "Replace a worker after this many requests, which hides slow"
                                        + " leaks; 0 never does."),
                number("max_requests_jitter", "--max-requests-jitter")
                        .byDefault(0L)
                        .implemented(
                                "Upper end of a random number added to max_requests for each"
                                        + " worker, so that they do not all leave together."),
                number("max_worker_lifetime", "--max-worker-lifetime")
                        .byDefault(0L)
                        .ours(
                                "Replace a worker that has served for so many seconds; 0 never does."),
                number("max_worker_lifetime_jitter", "--max-worker-lifetime-jitter")
                        .byDefault(0L)
                        .ours(
                                "Upper end of a random number of seconds added to"
                                        + " max_worker_lifetime for each worker."),
                memoryLimit("max_worker_memory", "--max-worker-memory")
                        .rule(OwnRules::maxWorkerMemory)
                        .ours(
                                "Replace a worker whose resident memory exceeds this: 128M to"
                                        + " 1024G, a whole number of K, M or G; 0 never does. The Java"
                                        + " heap (worker_memory) is only a part of it."),
                number("max_replacements", "--max-replacements")
                        .rule(OwnRules::maxReplacements)
                        .byDefault(1L)
                        .values("whole number, 1 to 1000")
                        .ours(
                                "How many workers may be replaced at the same time because they"
                                        + " reached a limit, 1 to 1000. Each serves on until its"
                                        + " replacement is ready."),
                number("spare_workers", "--spare-workers")
                        .byDefault(0L)
                        .ours(
                                "Workers that are kept ready beside those that serve, without"
                                        + " taking connections: one of them takes over at once where a"
                                        + " worker ends. None are kept under reload."),
                number("max_workers", "--max-workers")
                        .byDefault(0L)
                        .ours(
                                "Most workers under load: their number follows the load between"
                                        + " min_workers and this, and begins with workers. 0 keeps it"
                                        + " fixed, as reload does."),
                number("min_workers", "--min-workers")
                        .rule(OwnRules::minWorkers)
                        .byDefault(1L)
                        .values("whole number, 1 to 1000")
                        .ours(
                                "Fewest workers where max_workers lets their number follow the load."),
                choice("scaling_algorithm", "--scaling-algorithm", "busyness", "spare", "backlog")
                        .ours(
                                "What max_workers goes by: busyness adds workers while more than"
                                        + " scaling_busyness of their threads are busy, spare keeps the"
                                        + " threads of one worker free, backlog adds workers while"
                                        + " requests or TCP connections wait."),
                number("scaling_busyness", "--scaling-busyness")
                        .rule(OwnRules::scalingBusyness)
                        .byDefault(70L)
                        .values("whole number, 10 to 95")
                        .ours(
                                "Percentage of busy threads above which scaling_algorithm ="
                                        + " busyness adds workers, 10 to 95."),
                number("scaling_step", "--scaling-step")
                        .rule(OwnRules::scalingStep)
                        .byDefault(1L)
                        .values("whole number, 1 to 100")
                        .ours("How many workers are added at a time, 1 to 100."),
                number("scaling_down_after", "--scaling-down-after")
                        .rule(OwnRules::scalingDownAfter)
                        .byDefault(60L)
                        .values("whole number, 1 to 86400")
                        .ours(
                                "Seconds for which one worker less would have done before one"
                                        + " leaves, 1 to 86400."),
                memoryLimit("scaling_memory", "--scaling-memory")
                        .rule(OwnRules::scalingMemory)
                        .ours(
                                "No worker is added where all of them together would then take"
                                        + " more resident memory than this, and one leaves where they do:"
                                        + " 128M to 1024G, a whole number of K, M or G; 0 sets no"
                                        + " limit."),
                number("boot_timeout", "--boot-timeout")
                        .byDefault(300L)
                        .ours(
                                "Seconds a worker may take from its start until it is ready; 0"
                                        + " waits for ever."),
                number("timeout", "-t", "--timeout")
                        .byDefault(30L)
                        .differs(
                                "for sync it is also the deadline of a request, which is then answered"
                                        + " with 504")
                        .implemented(
                                "Seconds a worker may stay silent before it is replaced; for sync"
                                        + " also the time limit of a request. 0 waits for ever."),
                number("graceful_timeout", "--graceful-timeout")
                        .byDefault(30L)
                        .implemented(
                                "Seconds running requests get to finish when the server stops or"
                                        + " reloads."),
                number("keepalive", "--keep-alive")
                        .byDefault(2L)
                        .differs("sync workers keep connections, too")
                        .implemented(
                                "Seconds an idle connection stays open for the next request; 0"
                                        + " closes it after each response."),
                number("request_timeout", "--request-timeout")
                        .byDefault(0L)
                        .ours(
                                "Seconds one request may take, in every worker class; the"
                                        + " client then gets a 504 and the worker is replaced. 0 sets no"
                                        + " limit."),
                Setting.named("warmup", WORKER_PROCESSES)
                        .flags("--warmup")
                        .metavar("REQUEST")
                        .action(Action.APPEND)
                        .rule(OwnRules::warmup)
                        .byDefault(List.of())
                        .values("list of /path?query, file:PATH and recent, or one of them")
                        .ours(
                                "Request that a new worker replays before it takes connections,"
                                        + " so that what it needs is imported and compiled: /path?query"
                                        + " for a GET, file:PATH with requests as they go over the wire,"
                                        + " or recent for the 20 latest GETs that running workers"
                                        + " answered well, without cookies and authorization (only where"
                                        + " a GET has no side effects). Repeat the option for several."),
                number("warmup_timeout", "--warmup-timeout")
                        .rule(OwnRules::warmupTimeout)
                        .byDefault(10L)
                        .values("whole number, 0 to 120")
                        .ours(
                                "Most seconds the warmup requests are replayed, 0 to 120; less"
                                        + " if they get no faster. 0 replays each of them once."),
                Setting.named("worker_memory", WORKER_PROCESSES)
                        .flags("--worker-memory")
                        .metavar("SIZE")
                        .rule(OwnRules::workerMemory)
                        .byDefault("384M")
                        .values("128M to 64G: a whole number with K, M or G")
                        .ours(
                                "Most memory the Java heap of one worker may take: 128M to 64G,"
                                        + " a whole number of K, M or G. An eighth is for young objects;"
                                        + " code and native memory come on top."),
                choice("asgi_loop", "--asgi-loop", "auto", "asyncio", "uvloop")
                        .rule(
                                Validators.word(
                                        word -> "Invalid ASGI loop: " + word,
                                        "auto",
                                        "asyncio",
                                        "uvloop"))
                        .accepted(
                                "none: there is no asgi worker",
                                "Event loop of asgi workers, which this server does not have."),
                choice("asgi_lifespan", "--asgi-lifespan", "auto", "on", "off")
                        .rule(
                                Validators.word(
                                        word -> "Invalid ASGI lifespan: " + word,
                                        "auto",
                                        "on",
                                        "off"))
                        .accepted(
                                "none: there is no asgi worker",
                                "Lifespan events of asgi workers, which this server does not"
                                        + " have."),
                number("asgi_disconnect_grace_period", "--asgi-disconnect-grace-period")
                        .byDefault(3L)
                        .accepted(
                                "none: there is no asgi worker",
                                "Seconds an asgi application may go on after its client left."),
                choice("http_parser", "--http-parser", "auto", "fast", "python")
                        .rule(SpecialValidators::httpParser)
                        .accepted(
                                "none: there is one parser",
                                "Which parser gunicorn uses; here there is only one."));
    }

    private static Setting.Builder number(String name, String... flags) {
        return Setting.named(name, WORKER_PROCESSES)
                .flags(flags)
                .metavar("INT")
                .cli(CliType.INT)
                .rule(Validators::positiveInt);
    }

    /** Resident memory, no limit by default. */
    private static Setting.Builder memoryLimit(String name, String flag) {
        return Setting.named(name, WORKER_PROCESSES)
                .flags(flag)
                .metavar("SIZE")
                .byDefault("0")
                .values("0, or 128M to 1024G: a whole number with K, M or G");
    }

    private static Setting.Builder choice(String name, String flag, String... words) {
        return Setting.named(name, WORKER_PROCESSES)
                .flags(flag)
                .metavar("STRING")
                .rule(Validators.oneOf(name, words))
                .values(String.join(", ", words))
                .byDefault(words[0]);
    }

    private static Optional<Object> defaultWorkers(Surroundings around) {
        String text = around.environment().get("WEB_CONCURRENCY");
        if (text == null) {
            return Optional.of(1L);
        }
        long count =
                PyInt.decimal(text)
                        .orElseThrow(
                                () ->
                                        new InvalidValueException(
                                                "WEB_CONCURRENCY: invalid literal for int() with"
                                                        + " base 10: "
                                                        + PyText.repr(text)));
        return Validators.positiveInt(new RawValue.Int(count), around);
    }
}
