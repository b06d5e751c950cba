package io.jgunicorn.config;

import io.jgunicorn.log.SyslogAddress;
import io.jgunicorn.os.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The effective configuration, typed, after every source has been merged and checked. Immutable. A
 * duration of zero switches the limit off. Relative paths have been resolved against {@code chdir}.
 */
public record ServerConfig(
        String wsgiApp,
        Sockets sockets,
        Workers workers,
        Replacement replacement,
        Optional<Scaling> scaling,
        Timeouts timeouts,
        Warmup warmup,
        RequestLimits limits,
        ClientLimits clients,
        Logging logging,
        ProcessSettings process,
        Forwarding forwarding,
        ProxyProtocol proxyProtocol,
        Optional<ControlSocket> controlSocket) {

    /**
     * Rebuilds the typed form from effective settings, as {@link LoadedConfig#settings} has them
     * and {@code ControlMessage.Configure} carries them.
     *
     * @throws ConfigFailure if an address, the worker class or a variable cannot be used
     */
    public static ServerConfig from(Map<String, Object> settings) {
        return ServerConfigs.from(settings);
    }

    /** {@code bind}, {@code backlog} (queue length, at least 0). */
    public record Sockets(List<BindAddress> bind, int backlog) {}

    /**
     * How many workers there are and how they run.
     *
     * @param count {@code workers}, at least 0
     * @param className {@code worker_class} as configured, for {@code Using worker:} ({@code
     *     gthread} after the automatic switch from sync when {@code threads} &gt; 1)
     * @param threads at least 1
     * @param connections {@code worker_connections}, at least 1
     * @param reloadExtraFiles {@code reload_extra_files}: files, folders, and patterns of Python's
     *     glob
     * @param reloadByEvents {@code reload_engine} is not {@code poll}
     * @param heapBytes {@code worker_memory}: bound of a worker's Java heap, 128 MiB to 64 GiB
     */
    public record Workers(
            int count,
            WorkerClass workerClass,
            String className,
            int threads,
            int connections,
            boolean preloadApp,
            boolean reload,
            List<Path> reloadExtraFiles,
            boolean reloadByEvents,
            long heapBytes) {}

    /**
     * When a worker has served long enough, and how it is replaced; zero sets no limit.
     *
     * @param maxRequests {@code max_requests}
     * @param maxRequestsJitter {@code max_requests_jitter}: most requests added at random
     * @param maxLifetime {@code max_worker_lifetime}, from when the worker takes connections
     * @param maxLifetimeJitter {@code max_worker_lifetime_jitter}: most time added at random
     * @param maxResidentBytes {@code max_worker_memory}
     * @param atOnce {@code max_replacements}, at least 1
     * @param spares {@code spare_workers}
     */
    public record Replacement(
            int maxRequests,
            int maxRequestsJitter,
            Duration maxLifetime,
            Duration maxLifetimeJitter,
            long maxResidentBytes,
            int atOnce,
            int spares) {}

    /**
     * How the number of workers follows the load ({@code max_workers} and its kin).
     *
     * @param least {@code min_workers}, at least 1, at most {@code workers}
     * @param most {@code max_workers}, at least {@code workers}
     * @param step {@code scaling_step}: how many are added at a time, at least 1
     * @param busyness {@code scaling_busyness} as a share, 0 to 1
     * @param downAfter {@code scaling_down_after}
     * @param residentBytes {@code scaling_memory}, of all workers together; zero sets no limit
     */
    public record Scaling(
            int least,
            int most,
            int step,
            ScalingAlgorithm algorithm,
            double busyness,
            Duration downAfter,
            long residentBytes) {}

    /** {@code scaling_algorithm}: what decides that there are too few workers. */
    public enum ScalingAlgorithm {
        /** Their threads are busy. */
        BUSYNESS,
        /** Less than the threads of one worker are free. */
        SPARE,
        /** Requests wait for a thread, or TCP connections to be accepted. */
        BACKLOG
    }

    /**
     * {@code timeout}, {@code graceful_timeout}, {@code keepalive}, and our own {@code
     * request_timeout} and {@code boot_timeout}.
     */
    public record Timeouts(
            Duration timeout,
            Duration graceful,
            Duration keepAlive,
            Duration request,
            Duration boot) {}

    /**
     * Requests a new worker replays before it is ready; see {@link WarmupRequests}.
     *
     * @param items targets and {@code file:PATH}
     * @param limit {@code warmup_timeout}, at most two minutes; zero replays each request once
     */
    public record Warmup(List<String> items, Duration limit) {}

    /**
     * {@code limit_request_line} (bytes, 0 none), {@code limit_request_fields}, {@code
     * limit_request_field_size} (bytes).
     */
    public record RequestLimits(int line, int fields, int fieldSize) {}

    /**
     * What one client may cost; zero sets no limit.
     *
     * @param body {@code limit_request_body}, bytes
     * @param header {@code header_timeout}
     * @param bodyGap {@code body_timeout}
     * @param bodyRate {@code body_min_rate}, bytes per second
     * @param writeGap {@code write_timeout}
     * @param keepAliveRequests {@code keepalive_requests}
     */
    public record ClientLimits(
            long body,
            Duration header,
            Duration bodyGap,
            int bodyRate,
            Duration writeGap,
            int keepAliveRequests) {}

    /**
     * Where logs go and how much they say.
     *
     * @param errorLog {@code -} for stderr, or a path
     * @param accessLog empty when off, {@code -} for stdout, or a path
     * @param accessLogJson {@code access_log_json}
     * @param requestIdHeader {@code request_id_header}
     */
    public record Logging(
            String errorLog,
            String level,
            Optional<String> accessLog,
            String accessLogFormat,
            boolean accessLogJson,
            Optional<String> requestIdHeader,
            boolean captureOutput,
            Optional<SyslogSettings> syslog,
            Optional<StatsdSettings> statsd) {

        /** True if requests have ids. */
        public boolean requestIds() {
            return accessLogJson || requestIdHeader.isPresent();
        }
    }

    /**
     * {@code syslog} and its kin.
     *
     * @param facility code of {@code syslog_facility}
     * @param prefix {@code syslog_prefix}, or the name of the processes
     * @param access false with {@code disable_redirect_access_to_syslog}
     */
    public record SyslogSettings(
            SyslogAddress address, int facility, String prefix, boolean access) {}

    /**
     * {@code statsd_host} and its kin.
     *
     * @param address {@code HOST:PORT} or {@code unix://PATH}
     * @param prefix with a dot at its end, or empty
     * @param tags separated by commas, or empty
     */
    public record StatsdSettings(String address, String prefix, String tags, boolean backlog) {}

    /**
     * The surroundings of the processes.
     *
     * @param procName {@code proc_name}, or else {@code default_proc_name}
     * @param pythonPath folders of {@code pythonpath}, first wins
     * @param rawEnv {@code raw_env} as variables
     * @param workers whom workers run as: {@code user}, {@code group}, {@code initgroups}
     * @param keepStdio {@code enable_stdio_inheritance}
     */
    public record ProcessSettings(
            Path chdir,
            List<Path> pythonPath,
            Map<String, String> rawEnv,
            Optional<Path> pidFile,
            String procName,
            Optional<Path> tmpUploadDir,
            int umask,
            Identity workers,
            boolean daemon,
            boolean keepStdio) {}

    /**
     * {@code forwarded_allow_ips}, {@code secure_scheme_headers}, {@code forwarder_headers}, {@code
     * header_map}, and our own {@code proxy_headers} (field names; empty: off).
     */
    public record Forwarding(
            List<String> allowIps,
            Map<String, String> secureSchemeHeaders,
            List<String> forwarderHeaders,
            String headerMap,
            List<String> proxyHeaders) {}

    /**
     * {@code control_socket}, {@code control_socket_mode}.
     *
     * @param mode permission bits of the file
     */
    public record ControlSocket(Path path, int mode) {}

    /**
     * {@code proxy_protocol} ({@code off}, {@code v1}, {@code v2} or {@code auto}) and {@code
     * proxy_allow_ips}.
     */
    public record ProxyProtocol(String mode, List<String> allowIps) {}
}
