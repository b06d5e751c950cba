package io.jgunicorn.supervisor;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.config.Setting;
import io.jgunicorn.config.Settings;
import io.jgunicorn.config.WorkerClass;
import io.jgunicorn.config.value.HookRef;
import io.jgunicorn.config.value.Surroundings;
import io.jgunicorn.os.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Configurations for tests, without a configuration file.
 *
 * @param app what the fake worker shall do, see {@link FakeWorker}
 */
record TestConfig(
        List<BindAddress> bind,
        int workers,
        String app,
        Optional<Path> pidFile,
        MasterHooks hooks,
        long heapBytes) {
    static final BindAddress ANY_PORT = new BindAddress.Tcp("127.0.0.1", 0);

    static TestConfig serving(String app) {
        return new TestConfig(
                List.of(ANY_PORT), 1, app, Optional.empty(), MasterHooks.NONE, 1 << 29);
    }

    TestConfig withBind(BindAddress... addresses) {
        return new TestConfig(List.of(addresses), workers, app, pidFile, hooks, heapBytes);
    }

    TestConfig withPidFile(Path path) {
        return new TestConfig(bind, workers, app, Optional.of(path), hooks, heapBytes);
    }

    TestConfig withHooks(MasterHooks others) {
        return new TestConfig(bind, workers, app, pidFile, others, heapBytes);
    }

    TestConfig withHeap(long bytes) {
        return new TestConfig(bind, workers, app, pidFile, hooks, bytes);
    }

    Configuration configuration() {
        return new Configuration(
                server(),
                settings(),
                "",
                Set.of(),
                System.getenv(),
                List.of(),
                hooks,
                LogSetup.NONE);
    }

    /** The defaults, for this application. */
    private Map<String, Object> settings() {
        Map<String, Object> all = new TreeMap<>();
        for (Setting setting : Settings.all()) {
            Object usual = setting.defaultValue().apply(Surroundings.current()).orElse(null);
            if (!(usual instanceof HookRef)) {
                all.put(setting.name(), usual);
            }
        }
        all.put("wsgi_app", app);
        return all;
    }

    ServerConfig server() {
        Duration seconds = Duration.ofSeconds(30);
        return new ServerConfig(
                app,
                new ServerConfig.Sockets(bind, 16),
                new ServerConfig.Workers(
                        workers,
                        WorkerClass.SYNC,
                        "sync",
                        1,
                        1000,
                        false,
                        false,
                        List.of(),
                        true,
                        heapBytes),
                new ServerConfig.Replacement(0, 0, Duration.ZERO, Duration.ZERO, 0, 1, 0),
                Optional.empty(),
                new ServerConfig.Timeouts(seconds, seconds, seconds, Duration.ZERO, seconds),
                new ServerConfig.Warmup(List.of(), Duration.ZERO),
                new ServerConfig.RequestLimits(4094, 100, 8190),
                new ServerConfig.ClientLimits(0, Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, 0),
                new ServerConfig.Logging(
                        "-",
                        "debug",
                        Optional.empty(),
                        "",
                        false,
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.empty()),
                new ServerConfig.ProcessSettings(
                        Path.of("").toAbsolutePath(),
                        List.of(),
                        Map.of("RAW", "yes"),
                        pidFile,
                        "test",
                        Optional.empty(),
                        0,
                        Identity.current(),
                        false,
                        false),
                new ServerConfig.Forwarding(List.of(), Map.of(), List.of(), "drop", List.of()),
                new ServerConfig.ProxyProtocol("off", List.of()),
                Optional.empty());
    }
}
