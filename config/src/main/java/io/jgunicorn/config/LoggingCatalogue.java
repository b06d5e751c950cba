package io.jgunicorn.config;

import static io.jgunicorn.config.Section.LOGGING;

import io.jgunicorn.config.Setting.Action;
import io.jgunicorn.config.value.SpecialValidators;
import io.jgunicorn.config.value.Validators;
import java.util.List;
import java.util.Map;

/** What is logged, and where it goes. */
final class LoggingCatalogue {
    private static final String ACCESS_FORMAT =
            "%(h)s %(l)s %(u)s %(t)s \"%(r)s\" %(s)s %(b)s \"%(f)s\" \"%(a)s\"";

    private LoggingCatalogue() {}

    static List<Setting> settings() {
        return List.of(
                text("accesslog", "--access-logfile")
                        .metavar("FILE")
                        .implemented("File for a line per request; - is stdout. Off if unset."),
                flag("disable_redirect_access_to_syslog", "--disable-redirect-access-to-syslog")
                        .implemented("Keep request lines out of syslog."),
                text("access_log_format", "--access-logformat")
                        .metavar("STRING")
                        .byDefault(ACCESS_FORMAT)
                        .implemented(
                                "Text of a request line, with %(NAME)s for the parts of request"
                                        + " and response."),
                flag("access_log_json", "--access-log-json")
                        .ours(
                                "Write a JSON object per request line, instead of access_log_format."),
                text("request_id_header", "--request-id-header")
                        .metavar("FIELD")
                        .byDefault("")
                        .ours(
                                "Header field in which trusted proxies (forwarded_allow_ips) send the"
                                        + " id of a request, for example X-Request-ID; other requests"
                                        + " get one made here. Without this, only"
                                        + " access_log_json gives requests ids."),
                text("errorlog", "--error-logfile", "--log-file")
                        .metavar("FILE")
                        .byDefault("-")
                        .implemented("File for what the server has to say; - is stderr."),
                text("loglevel", "--log-level")
                        .metavar("LEVEL")
                        .byDefault("info")
                        .values("debug, info, warning, error or critical; another text means info")
                        .implemented(
                                "Least important level that is logged: debug, info, warning, error"
                                        + " or critical."),
                flag("capture_output", "--capture-output")
                        .implemented(
                                "Send what the application prints to the error log, if that is a"
                                        + " file."),
                text("logger_class", "--logger-class")
                        .metavar("STRING")
                        .rule(SpecialValidators::className)
                        .byDefault("gunicorn.glogging.Logger")
                        .values("class, a function that returns one, or MODULE.CLASS")
                        .implemented(
                                "Python class that writes the logs; any but the default has all"
                                        + " logs go through Python's logging."),
                text("logconfig", "--log-config")
                        .metavar("FILE")
                        .implemented(
                                "File in the format of Python's logging.config.fileConfig; has all"
                                        + " logs go through Python's logging."),
                Setting.named("logconfig_dict", LOGGING)
                        .rule(Validators::dict)
                        .byDefault(Map.of())
                        .values("dict")
                        .implemented(
                                "Dictionary for Python's logging.config.dictConfig; has all logs go"
                                        + " through Python's logging."),
                text("logconfig_json", "--log-config-json")
                        .metavar("FILE")
                        .implemented("JSON file with such a dictionary."),
                text("syslog_addr", "--log-syslog-to")
                        .metavar("SYSLOG_ADDR")
                        .byDefault(syslogAddress(System.getProperty("os.name", "")))
                        .implemented("Where syslog messages go."),
                flag("syslog", "--log-syslog").implemented("Also log to syslog."),
                text("syslog_prefix", "--log-syslog-prefix")
                        .metavar("SYSLOG_PREFIX")
                        .implemented("Name the server goes by in syslog."),
                text("syslog_facility", "--log-syslog-facility")
                        .metavar("SYSLOG_FACILITY")
                        .byDefault("user")
                        .implemented("Syslog facility of our messages."),
                flag("enable_stdio_inheritance", "-R", "--enable-stdio-inheritance")
                        .implemented(
                                "Under daemon keep stdout and stderr, unless they are a terminal."),
                text("statsd_host", "--statsd-host")
                        .metavar("STATSD_ADDR")
                        .rule(SpecialValidators::statsdAddress)
                        .values("HOST, HOST:PORT or unix://PATH")
                        .implemented("StatsD server that gets our metrics."),
                text("dogstatsd_tags", "--dogstatsd-tags")
                        .metavar("DOGSTATSD_TAGS")
                        .byDefault("")
                        .implemented("Tags added to each StatsD metric."),
                text("statsd_prefix", "--statsd-prefix")
                        .metavar("STATSD_PREFIX")
                        .rule(SpecialValidators::statsdPrefix)
                        .byDefault("")
                        .implemented("Start of the names of StatsD metrics."),
                flag("enable_backlog_metric", "--enable-backlog-metric")
                        .implemented("Report how many connections wait to be accepted."));
    }

    private static Setting.Builder text(String name, String... flags) {
        return Setting.named(name, LOGGING).flags(flags).rule(Validators::text);
    }

    private static Setting.Builder flag(String name, String... flags) {
        return Setting.named(name, LOGGING)
                .flags(flags)
                .action(Action.STORE_TRUE)
                .rule(Validators::bool)
                .byDefault(false);
    }

    private static String syslogAddress(String system) {
        if (system.startsWith("Mac")) {
            return "unix:///var/run/syslog";
        }
        if (system.startsWith("FreeBSD") || system.startsWith("DragonFly")) {
            return "unix:///var/run/log";
        }
        return system.startsWith("OpenBSD") ? "unix:///dev/log" : "udp://localhost:514";
    }
}
