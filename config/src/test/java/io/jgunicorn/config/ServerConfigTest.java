package io.jgunicorn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.config.cli.GunicornCommand;
import io.jgunicorn.config.value.Surroundings;
import io.jgunicorn.control.ControlCodec;
import io.jgunicorn.control.ControlMessage.Configure;
import io.jgunicorn.log.SyslogAddress;
import io.jgunicorn.os.Identity;
import io.jgunicorn.python.SharedPython;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerConfigTest {
    @TempDir Path folder;

    private LoadedConfig load(String... arguments) {
        return (LoadedConfig)
                new ConfigLoader(
                                new GunicornCommand("1", Map.of()),
                                SharedPython.host(),
                                Given.in(folder))
                        .load(List.of(arguments));
    }

    @Test
    void rootMayLetWorkersRunAsOthers() {
        Surroundings root = new Surroundings(Map.of(), folder, 0, 0);
        LoadedConfig loaded =
                (LoadedConfig)
                        new ConfigLoader(
                                        new GunicornCommand("1", Map.of()),
                                        SharedPython.host(),
                                        root)
                                .load(List.of("app", "-u", "root", "-g", "34", "--initgroups"));

        assertThat(loaded.config().process().workers())
                .isEqualTo(new Identity(0, 34, Optional.of("root")));
    }

    private LoadedConfig loadWithEverything() {
        return load(
                "pkg.app:make('x')",
                "--bind=:8080",
                "--bind=unix:/run/a.sock",
                "--backlog=64",
                "--workers=3",
                "--threads=8",
                "--worker-connections=50",
                "--timeout=31",
                "--graceful-timeout=32",
                "--keep-alive=33",
                "--access-log-json",
                "--request-id-header=X-Request-ID",
                "--log-syslog",
                "--log-syslog-to=tcp://LOGS:5140",
                "--log-syslog-facility=local1",
                "--log-syslog-prefix=p",
                "--disable-redirect-access-to-syslog",
                "--statsd-host=metrics",
                "--statsd-prefix=svc",
                "--dogstatsd-tags=a:b",
                "--enable-backlog-metric",
                "--request-timeout=34",
                "--worker-memory=768m",
                "--warmup=/a?b=c",
                "--warmup=/d",
                "--warmup-timeout=40",
                "--max-requests=35",
                "--max-requests-jitter=36",
                "--max-worker-lifetime=47",
                "--max-worker-lifetime-jitter=48",
                "--max-worker-memory=900M",
                "--max-replacements=2",
                "--spare-workers=1",
                "--boot-timeout=49",
                "--limit-request-line=37",
                "--limit-request-fields=38",
                "--limit-request-field_size=39",
                "--reload",
                "--reload-engine=poll",
                "--preload",
                "--env=A=1",
                "--env=B=x=y",
                "--pid=run/app.pid",
                "--umask=0027",
                "--daemon",
                "--enable-stdio-inheritance",
                "--forwarded-allow-ips=10.0.0.0/8,*",
                "--forwarder-headers=REMOTE_USER",
                "--header-map=Refuse",
                "--access-logfile=-",
                "--error-logfile=log/error.log",
                "--log-level=debug",
                "--limit-request-body=5000000000",
                "--header-timeout=42",
                "--body-timeout=43",
                "--body-min-rate=44",
                "--write-timeout=45",
                "--keepalive-requests=46",
                "--capture-output",
                "--access-logformat=%(h)s",
                "--name=shop",
                "--pythonpath=one,/two");
    }

    @Test
    void everyOptionReachesItsPlace() {
        ServerConfig config = loadWithEverything().config();
        assertThat(config.wsgiApp()).isEqualTo("pkg.app:make('x')");
        assertThat(config.sockets().bind())
                .containsExactly(
                        new BindAddress.Tcp("", 8080),
                        new BindAddress.UnixSocket(Path.of("/run/a.sock")));
        assertThat(config.sockets().backlog()).isEqualTo(64);
        assertThat(config.workers())
                .isEqualTo(
                        new ServerConfig.Workers(
                                3,
                                WorkerClass.GTHREAD,
                                "gthread",
                                8,
                                50,
                                true,
                                true,
                                List.of(),
                                false,
                                768L << 20));
        assertThat(config.replacement())
                .isEqualTo(
                        new ServerConfig.Replacement(
                                35,
                                36,
                                Duration.ofSeconds(47),
                                Duration.ofSeconds(48),
                                900L << 20,
                                2,
                                1));
        assertThat(config.timeouts())
                .isEqualTo(
                        new ServerConfig.Timeouts(
                                Duration.ofSeconds(31),
                                Duration.ofSeconds(32),
                                Duration.ofSeconds(33),
                                Duration.ofSeconds(34),
                                Duration.ofSeconds(49)));
        assertThat(config.warmup())
                .isEqualTo(
                        new ServerConfig.Warmup(List.of("/a?b=c", "/d"), Duration.ofSeconds(40)));
        assertThat(config.limits()).isEqualTo(new ServerConfig.RequestLimits(37, 38, 39));
        assertThat(config.clients())
                .isEqualTo(
                        new ServerConfig.ClientLimits(
                                5_000_000_000L,
                                Duration.ofSeconds(42),
                                Duration.ofSeconds(43),
                                44,
                                Duration.ofSeconds(45),
                                46));
        assertThat(config.logging())
                .isEqualTo(
                        new ServerConfig.Logging(
                                folder.resolve("log/error.log").toString(),
                                "debug",
                                Optional.of("-"),
                                "%(h)s",
                                true,
                                Optional.of("X-Request-ID"),
                                true,
                                Optional.of(
                                        new ServerConfig.SyslogSettings(
                                                new SyslogAddress.Tcp("logs", 5140),
                                                17,
                                                "p",
                                                false)),
                                Optional.of(
                                        new ServerConfig.StatsdSettings(
                                                "metrics:8125", "svc.", "a:b", true))));
        assertThat(config.process())
                .isEqualTo(
                        new ServerConfig.ProcessSettings(
                                folder,
                                List.of(Path.of("/two"), folder.resolve("one")),
                                Map.of("A", "1", "B", "x=y"),
                                Optional.of(folder.resolve("run/app.pid")),
                                "shop",
                                Optional.empty(),
                                23,
                                new Identity(1000, 1001, Optional.empty()),
                                true,
                                true));
        assertThat(config.forwarding().allowIps()).containsExactly("10.0.0.0/8", "*");
        assertThat(config.forwarding().forwarderHeaders()).containsExactly("REMOTE_USER");
        assertThat(config.forwarding().headerMap()).isEqualTo("refuse");
        assertThat(config.forwarding().secureSchemeHeaders())
                .containsEntry("X-FORWARDED-PROTO", "https")
                .hasSize(3);
    }

    @Test
    void workerRebuildsTheSameConfigurationFromTheWire() {
        LoadedConfig loaded = loadWithEverything();
        Configure sent =
                new Configure(
                        1,
                        List.of(),
                        loaded.settings(),
                        loaded.configSource(),
                        loaded.workerHooks(),
                        List.of("GET / HTTP/1.1\r\n\r\n"));
        Configure received = (Configure) ControlCodec.decode(ControlCodec.encode(sent));
        assertThat(received).isEqualTo(sent);
        assertThat(ServerConfig.from(received.settings())).isEqualTo(loaded.config());
    }

    @Test
    void defaultsAreGunicorns() {
        ServerConfig config = load("app").config();
        assertThat(config.sockets().bind()).containsExactly(new BindAddress.Tcp("127.0.0.1", 8000));
        assertThat(config.workers().workerClass()).isEqualTo(WorkerClass.SYNC);
        assertThat(config.workers().className()).isEqualTo("sync");
        assertThat(config.timeouts().request()).isZero();
        assertThat(config.warmup())
                .isEqualTo(new ServerConfig.Warmup(List.of(), Duration.ofSeconds(10)));
        assertThat(config.workers().heapBytes()).isEqualTo(384 << 20);
        assertThat(config.logging().accessLog()).isEmpty();
        assertThat(config.process().chdir()).isEqualTo(folder);
    }

    @Test
    void variableWithoutAValueIsRefused() {
        assertThatThrownBy(() -> load("app", "-e", "NAME"))
                .isInstanceOf(ConfigFailure.class)
                .hasMessage(
                        "\nError: environment setting 'NAME' invalid\n(raw_env, command line)\n");
    }

    @Test
    void numberThatIsTooLargeIsNamedWithItsLimit() {
        assertThatThrownBy(() -> load("app", "--timeout=10000000000"))
                .isInstanceOf(ConfigFailure.class)
                .hasMessage(
                        "\nError: timeout: Value is too large: 10000000000 (at most 2147483647)\n(timeout, command line)\n");
        assertThatThrownBy(() -> load("app", "--backlog=4294967296"))
                .isInstanceOf(ConfigFailure.class)
                .hasMessageContaining("backlog: Value is too large");
        Map<String, Object> settings = new TreeMap<>(load("app").settings());
        settings.put("timeout", 10_000_000_000L);
        assertThatThrownBy(() -> ServerConfig.from(settings))
                .isInstanceOf(ConfigFailure.class)
                .hasMessageContaining("timeout: Value is too large: 10000000000");
    }

    @Test
    void variableThatPythonWouldRefuseIsRefusedBeforeItStarts() {
        assertThatThrownBy(() -> load("app", "-e", "PYTHONHASHSEED=abc"))
                .isInstanceOf(ConfigFailure.class)
                .hasMessage(
                        "\nError: environment variable PYTHONHASHSEED = 'abc' is invalid: it must be"
                                + " 'random' or 0 to 4294967295\n");
    }

    @Test
    void badAddressIsRefused() {
        assertThatThrownBy(() -> load("app", "-b", "host:port"))
                .isInstanceOf(ConfigFailure.class)
                .hasMessage("\nError: 'port' is not a valid port number.\n(bind, command line)\n");
    }

    @Test
    void reportListsEverySettingAsPythonWouldPrintIt() {
        String report = ConfigReport.of(load("app", "--bind=:1", "--name=it's"));
        assertThat(report.lines()).hasSize(Settings.all().size()).isSorted();
        int width = "permit_unconventional_http_version".length();
        assertThat(report.lines().map(line -> line.replaceFirst("  # .*", "")))
                .contains(
                        "bind" + " ".repeat(width - 4) + " = [':1']",
                        "proc_name" + " ".repeat(width - 9) + " = it's",
                        "pidfile" + " ".repeat(width - 7) + " = None",
                        "daemon" + " ".repeat(width - 6) + " = False",
                        "on_starting" + " ".repeat(width - 11) + " = <OnStarting.on_starting()>",
                        "forwarder_headers"
                                + " ".repeat(width - 17)
                                + " = ['SCRIPT_NAME', 'PATH_INFO']");
    }
}
