package io.jgunicorn.worker;

import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.config.WorkerClass;
import io.jgunicorn.control.ControlMessage.Configure;
import io.jgunicorn.http.HttpServerConfig;
import io.jgunicorn.http.RequestIds;
import io.jgunicorn.worker.python.AppPython;
import io.jgunicorn.worker.wsgi.UnseenRequests;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the settings mean for a worker: sizes, deadlines, where logs go. Translates only. */
final class WorkerSettings {
    /** The part of the heap that responses to slow clients may fill: the application needs it. */
    private static final int BACKLOG_SHARE = 8;

    private WorkerSettings() {}

    /** How many Python threads may run requests (worker_class, threads, worker_connections). */
    static int threadLimit(ServerConfig.Workers workers) {
        return switch (workers.workerClass()) {
            case SYNC -> 1;
            case GTHREAD -> workers.threads();
            case ON_DEMAND -> workers.connections();
        };
    }

    /**
     * How long one request may run: {@code request_timeout}, and for sync {@code timeout} too; zero
     * is for ever.
     */
    static Duration requestDeadline(ServerConfig config) {
        Duration request = config.timeouts().request();
        Duration worker = config.timeouts().timeout();
        if (config.workers().workerClass() != WorkerClass.SYNC || worker.isZero()) {
            return request;
        }
        return request.isZero() || worker.compareTo(request) < 0 ? worker : request;
    }

    /**
     * How often a worker says that it is alive: well within {@code timeout}, zero of which means it
     * does not matter.
     */
    static Duration heartbeat(Duration timeout, Duration longest) {
        Duration third = timeout.dividedBy(3);
        return timeout.isZero() || third.compareTo(longest) > 0 ? longest : third;
    }

    /**
     * How many clients may be connected: {@code worker_connections}, which gunicorn does not apply
     * to sync workers; for these as many as the process may have.
     */
    private static int connections(ServerConfig.Workers workers) {
        return workers.workerClass() == WorkerClass.SYNC
                ? ConnectionLimit.connections()
                : workers.connections();
    }

    static HttpServerConfig http(ServerConfig config, WorkerLogs logs) {
        return new HttpServerConfig(
                config.limits(),
                config.clients(),
                config.timeouts().keepAlive(),
                config.process()
                        .tmpUploadDir()
                        .orElse(Path.of(System.getProperty("java.io.tmpdir"))),
                Runtime.getRuntime().maxMemory() / BACKLOG_SHARE,
                connections(config.workers()),
                config.forwarding(),
                config.proxyProtocol(),
                logs.access(),
                logs.python().map(UnseenRequests::new),
                config.logging().requestIds()
                        ? Optional.of(new RequestIds(config.logging().requestIdHeader()))
                        : Optional.empty(),
                logs.notices());
    }

    /**
     * What the application needs to be loaded; a script brings its own.
     *
     * @param logEnviron keys of the environ that the access log shows
     */
    static AppPython.Boot boot(ServerConfig config, Configure configure, List<String> logEnviron) {
        String source = configure.configSource();
        Map<String, Object> settings = configure.settings();
        return new AppPython.Boot(
                source.startsWith("script:") ? source : config.wsgiApp(),
                settings.get("paste") == null ? Optional.empty() : pasteVariables(settings),
                config.process().chdir().toString(),
                config.process().pythonPath().stream().map(Path::toString).toList(),
                config.workers().workerClass() != WorkerClass.SYNC,
                config.workers().count() > 1 || config.scaling().isPresent(),
                Optional.ofNullable(System.getenv("SERVER_SOFTWARE")).orElse("jgunicorn"),
                logEnviron);
    }

    private static Optional<List<String>> pasteVariables(Map<String, Object> settings) {
        return Optional.of(
                settings.get("raw_paste_global_conf") instanceof List<?> items
                        ? items.stream().map(String.class::cast).toList()
                        : List.of());
    }

    /**
     * @param descriptors those of {@code configure.listeners()}
     */
    static Optional<AppPython.Hooks> hooks(
            Configure configure, List<Integer> descriptors, long masterPid) {
        if (configure.hooks().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new AppPython.Hooks(
                        configure.configSource(),
                        configure.hooks(),
                        configure.settings(),
                        configure.age(),
                        masterPid,
                        configure.listeners(),
                        descriptors));
    }

    /** What the Logger in the worker's Python is made of, if logs go there. */
    static Optional<AppPython.Logging> logging(Configure configure, WorkerLogs logs) {
        return logs.python()
                .map(
                        log ->
                                new AppPython.Logging(
                                        configure.configSource(),
                                        configure.settings(),
                                        configure.hooks(),
                                        log,
                                        isCheck(configure.settings())));
    }

    /** True for {@code --check-config} and {@code --print-config}: nothing but the boot counts. */
    private static boolean isCheck(Map<String, Object> settings) {
        return Boolean.TRUE.equals(settings.get("check_config"))
                || Boolean.TRUE.equals(settings.get("print_config"));
    }

    /** SCRIPT_NAME of the environment: the prefix the application is mounted under (gunicorn). */
    static String scriptName() {
        return Optional.ofNullable(System.getenv("SCRIPT_NAME")).orElse("");
    }
}
