package io.jgunicorn.config;

import io.jgunicorn.config.ServerConfig.ClientLimits;
import io.jgunicorn.config.ServerConfig.ControlSocket;
import io.jgunicorn.config.ServerConfig.Forwarding;
import io.jgunicorn.config.ServerConfig.Logging;
import io.jgunicorn.config.ServerConfig.ProcessSettings;
import io.jgunicorn.config.ServerConfig.ProxyProtocol;
import io.jgunicorn.config.ServerConfig.Replacement;
import io.jgunicorn.config.ServerConfig.RequestLimits;
import io.jgunicorn.config.ServerConfig.Scaling;
import io.jgunicorn.config.ServerConfig.ScalingAlgorithm;
import io.jgunicorn.config.ServerConfig.Sockets;
import io.jgunicorn.config.ServerConfig.StatsdSettings;
import io.jgunicorn.config.ServerConfig.SyslogSettings;
import io.jgunicorn.config.ServerConfig.Timeouts;
import io.jgunicorn.config.ServerConfig.Warmup;
import io.jgunicorn.config.ServerConfig.Workers;
import io.jgunicorn.config.value.Accounts;
import io.jgunicorn.config.value.MemorySize;
import io.jgunicorn.config.value.PyText;
import io.jgunicorn.log.SyslogAddress;
import io.jgunicorn.log.SyslogFacility;
import io.jgunicorn.os.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Builds the typed configuration from effective settings. */
final class ServerConfigs {
    private final Map<String, Object> settings;
    private final Path chdir;

    private ServerConfigs(Map<String, Object> settings) {
        this.settings = settings;
        this.chdir = Path.of(text("chdir").orElseThrow());
    }

    static ServerConfig from(Map<String, Object> settings) {
        return new ServerConfigs(settings).build();
    }

    private ServerConfig build() {
        checkBootTime();
        List<BindAddress> bind =
                about("bind", () -> list("bind").stream().map(BindAddress::parse).toList());
        return new ServerConfig(
                text("wsgi_app").orElse(""),
                new Sockets(bind, number("backlog")),
                workers(),
                replacement(),
                scaling(bind),
                new Timeouts(
                        seconds("timeout"),
                        seconds("graceful_timeout"),
                        seconds("keepalive"),
                        seconds("request_timeout"),
                        seconds("boot_timeout")),
                new Warmup(list("warmup"), seconds("warmup_timeout")),
                new RequestLimits(
                        number("limit_request_line"),
                        number("limit_request_fields"),
                        number("limit_request_field_size")),
                new ClientLimits(
                        settings.get("limit_request_body") instanceof Long bytes ? bytes : 0,
                        seconds("header_timeout"),
                        seconds("body_timeout"),
                        number("body_min_rate"),
                        seconds("write_timeout"),
                        number("keepalive_requests")),
                logging(),
                process(),
                new Forwarding(
                        list("forwarded_allow_ips"),
                        headers(),
                        list("forwarder_headers"),
                        text("header_map").orElse("drop"),
                        list("proxy_headers")),
                new ProxyProtocol(text("proxy_protocol").orElse("off"), list("proxy_allow_ips")),
                controlSocket());
    }

    private Optional<ControlSocket> controlSocket() {
        return path("control_socket")
                .filter(_ -> !flag("control_socket_disable"))
                .map(path -> new ControlSocket(path, number("control_socket_mode")));
    }

    private void checkBootTime() {
        Duration boot = seconds("boot_timeout");
        Duration warmup = seconds("warmup_timeout");
        if (!list("warmup").isEmpty() && !boot.isZero() && boot.compareTo(warmup) <= 0) {
            throw ConfigFailure.error(
                            "boot_timeout = "
                                    + boot.toSeconds()
                                    + " cannot be used: it must be more than warmup_timeout ("
                                    + warmup.toSeconds()
                                    + "), or 0.")
                    .about("boot_timeout");
        }
    }

    private Workers workers() {
        int threads = Math.max(1, number("threads"));
        String className = text("worker_class").orElse("sync");
        String asked = className;
        WorkerClass workerClass = about("worker_class", () -> WorkerClasses.named(asked));
        if (workerClass == WorkerClass.SYNC && threads > 1) {
            workerClass = WorkerClass.GTHREAD;
            className = "gthread";
        }
        return new Workers(
                number("workers"),
                workerClass,
                className,
                threads,
                Math.max(1, number("worker_connections")),
                flag("preload_app"),
                flag("reload"),
                list("reload_extra_files").stream().map(chdir::resolve).toList(),
                !text("reload_engine").equals(Optional.of("poll")),
                MemorySize.parse(text("worker_memory").orElse("")).orElseThrow());
    }

    private Replacement replacement() {
        return new Replacement(
                number("max_requests"),
                number("max_requests_jitter"),
                seconds("max_worker_lifetime"),
                seconds("max_worker_lifetime_jitter"),
                MemorySize.parse(text("max_worker_memory").orElse("")).orElse(0),
                number("max_replacements"),
                number("spare_workers"));
    }

    private Optional<Scaling> scaling(List<BindAddress> bind) {
        int most = number("max_workers");
        if (most == 0 || flag("reload")) {
            return Optional.empty();
        }
        int workers = number("workers");
        int least = number("min_workers");
        if (least > workers || workers > most) {
            throw ConfigFailure.error(
                            "workers = %d cannot be used: it must be min_workers (%d) to max_workers (%d)."
                                    .formatted(workers, least, most))
                    .about("workers");
        }
        ScalingAlgorithm algorithm =
                ScalingAlgorithm.valueOf(
                        text("scaling_algorithm").orElseThrow().toUpperCase(Locale.ROOT));
        if (algorithm == ScalingAlgorithm.BACKLOG
                && bind.stream().allMatch(BindAddress.UnixSocket.class::isInstance)) {
            throw ConfigFailure.error(
                            "scaling_algorithm = 'backlog' cannot be used: no TCP address is bound, and how"
                                    + " many wait at a Unix socket is not seen; use busyness or spare.")
                    .about("scaling_algorithm");
        }
        return Optional.of(
                new Scaling(
                        least,
                        most,
                        number("scaling_step"),
                        algorithm,
                        number("scaling_busyness") / 100.0,
                        seconds("scaling_down_after"),
                        MemorySize.parse(text("scaling_memory").orElse("")).orElse(0)));
    }

    private Logging logging() {
        return new Logging(
                logFile("errorlog").orElse("-"),
                text("loglevel").orElse("info"),
                logFile("accesslog"),
                text("access_log_format").orElse(""),
                flag("access_log_json"),
                text("request_id_header").filter(name -> !name.isEmpty()),
                flag("capture_output"),
                flag("syslog") && !PythonLogging.isWantedBy(settings)
                        ? Optional.of(syslog())
                        : Optional.empty(), // Python's handler sends
                text("statsd_host")
                        .filter(host -> !host.isEmpty() && !PythonLogging.hasOwnLogger(settings))
                        .map(this::statsd));
    }

    private SyslogSettings syslog() {
        int facility =
                SyslogFacility.code(text("syslog_facility").orElse("user"))
                        .orElseThrow(
                                () ->
                                        ConfigFailure.error("unknown facility name")
                                                .about("syslog_facility"));
        try {
            return new SyslogSettings(
                    SyslogAddress.parse(text("syslog_addr").orElse("")),
                    facility,
                    text("syslog_prefix")
                            .filter(prefix -> !prefix.isEmpty())
                            .orElse(procName().replace(':', '.')),
                    !flag("disable_redirect_access_to_syslog"));
        } catch (IllegalArgumentException e) {
            throw ConfigFailure.error(e.getMessage()).about("syslog_addr");
        }
    }

    private StatsdSettings statsd(String address) {
        return new StatsdSettings(
                address,
                text("statsd_prefix").orElse(""),
                text("dogstatsd_tags").orElse(""),
                flag("enable_backlog_metric"));
    }

    private String procName() {
        return text("proc_name").or(() -> text("default_proc_name")).orElse("gunicorn");
    }

    private ProcessSettings process() {
        List<Path> pythonPath = new ArrayList<>();
        for (String folder : text("pythonpath").orElse("").split(",", -1)) {
            if (!folder.isBlank()) {
                pythonPath.addFirst(chdir.resolve(folder.strip()).normalize());
            }
        }
        return new ProcessSettings(
                chdir,
                Collections.unmodifiableList(pythonPath),
                rawEnv(),
                path("pidfile"),
                procName(),
                path("tmp_upload_dir"),
                number("umask"),
                identity(),
                flag("daemon"),
                flag("enable_stdio_inheritance"));
    }

    private Identity identity() {
        Identity current = Identity.current();
        long uid = settings.get("user") instanceof Long id ? id : current.uid();
        long gid = settings.get("group") instanceof Long id ? id : current.gid();
        Optional<String> groupsOf = flag("initgroups") ? Accounts.userName(uid) : Optional.empty();
        return new Identity(uid, gid, groupsOf);
    }

    private Map<String, String> rawEnv() {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String item : list("raw_env")) {
            int equals = item.indexOf('=');
            if (equals < 0) {
                throw ConfigFailure.error("environment setting " + PyText.repr(item) + " invalid")
                        .about("raw_env");
            }
            variables.put(item.substring(0, equals), item.substring(equals + 1));
        }
        return Collections.unmodifiableMap(variables);
    }

    private static <T> T about(String setting, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (ConfigFailure failure) {
            throw failure.about(setting);
        }
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable((String) settings.get(name));
    }

    private Optional<Path> path(String name) {
        return text(name)
                .filter(text -> !text.isEmpty())
                .map(text -> chdir.resolve(text).normalize());
    }

    private Optional<String> logFile(String name) {
        return text(name)
                .filter(text -> !text.isEmpty())
                .map(text -> text.equals("-") ? text : chdir.resolve(text).normalize().toString());
    }

    private int number(String name) {
        if (!(settings.get(name) instanceof Long number)) {
            return 0;
        }
        if (number > Integer.MAX_VALUE) {
            throw ConfigFailure.error(
                            name + ": Value is too large: " + number + " (at most 2147483647)")
                    .about(name);
        }
        return number.intValue();
    }

    private Duration seconds(String name) {
        return Duration.ofSeconds(number(name));
    }

    private boolean flag(String name) {
        return settings.get(name) instanceof Boolean flag && flag;
    }

    private List<String> list(String name) {
        return settings.get(name) instanceof List<?> items
                ? items.stream().map(String.class::cast).toList()
                : List.of();
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        if (settings.get("secure_scheme_headers") instanceof Map<?, ?> map) {
            map.forEach((name, value) -> headers.put((String) name, (String) value));
        }
        return Collections.unmodifiableMap(headers);
    }
}
