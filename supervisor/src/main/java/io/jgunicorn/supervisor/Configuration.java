package io.jgunicorn.supervisor;

import io.jgunicorn.config.LoadedConfig;
import io.jgunicorn.config.ProductVersion;
import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.python.EnvironmentChanges;
import io.jgunicorn.python.ServerControls;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A configuration as the master needs it.
 *
 * @param settings effective settings by name, as {@link
 *     io.jgunicorn.control.ControlMessage.Configure} carries them
 * @param configSource what a worker has to load for its hooks, or empty
 * @param workerHooks names of the hooks that run in a worker
 * @param environment the master's own environment
 * @param warnings what the operator should know about it
 * @param hooks the hooks that run in the master
 * @param logSetup makes the master's log follow it
 */
record Configuration(
        ServerConfig server,
        Map<String, Object> settings,
        String configSource,
        Set<String> workerHooks,
        Map<String, String> environment,
        List<String> warnings,
        MasterHooks hooks,
        LogSetup logSetup) {
    /**
     * What systemd, or a master before this one, tells the master by variables, and nobody else: a
     * worker, or a program it starts, must not pass for the service (sd_notify(3),
     * sd_watchdog_enabled(3), sd_listen_fds(3)).
     */
    private static final Set<String> FOR_THE_MASTER =
            Set.of(
                    "NOTIFY_SOCKET",
                    "WATCHDOG_PID",
                    "WATCHDOG_USEC",
                    "LISTEN_PID",
                    "LISTEN_FDS",
                    "LISTEN_FDNAMES",
                    Daemon.VARIABLE,
                    Predecessor.PID,
                    Predecessor.SOCKETS,
                    Predecessor.WORKERS);

    Configuration {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings)); // values may be null
        workerHooks = Set.copyOf(workerHooks);
        environment = Map.copyOf(environment);
        warnings = List.copyOf(warnings);
    }

    /**
     * Takes over what the loader read, and lets its hooks log.
     *
     * @param environment the master's own environment
     * @param controls what its hooks may ask of the server
     */
    static Configuration of(
            LoadedConfig loaded,
            Map<String, String> environment,
            MasterLog log,
            ServerControls controls) {
        log.attach(loaded, controls);
        return new Configuration(
                loaded.config(),
                loaded.settings(),
                loaded.configSource(),
                loaded.workerHooks(),
                environment,
                loaded.warnings(),
                loaded.module().<MasterHooks>map(PythonHooks::new).orElse(MasterHooks.NONE),
                () -> log.follow(loaded));
    }

    Generation generation(int number) {
        Generation.Policy policy =
                new Generation.Policy(
                        server.timeouts().boot(),
                        server.timeouts().timeout(),
                        server.timeouts().graceful(),
                        server.replacement().atOnce(),
                        server.replacement().spares(),
                        server.scaling());
        Generation fresh =
                Generation.fresh(
                        number, server.workers().count(), policy, server.workers().preloadApp());
        return server.workers().reload() ? fresh.reloading() : fresh;
    }

    /**
     * Environment of a worker started now: ours without what is meant for the master, what Python
     * changed in it, {@code raw_env}.
     */
    Map<String, String> workerEnvironment() {
        Map<String, String> all = new TreeMap<>(environment);
        all.keySet().removeAll(FOR_THE_MASTER);
        all.put("SERVER_SOFTWARE", "jgunicorn/" + ProductVersion.current());
        EnvironmentChanges changes = hooks.environment();
        all.keySet().removeAll(changes.removed());
        all.putAll(changes.set());
        all.putAll(server.process().rawEnv());
        return all;
    }

    /** The same, without what workers are to call at times. */
    Configuration withoutWorkerHooks() {
        return new Configuration(
                server, settings, configSource, Set.of(), environment, warnings, hooks, logSetup);
    }

    /**
     * The same, with other values for some settings.
     *
     * @throws io.jgunicorn.config.ConfigFailure if one cannot be used
     */
    Configuration with(Map<String, Object> others) {
        Map<String, Object> changed = new TreeMap<>(settings);
        changed.putAll(others);
        return new Configuration(
                ServerConfig.from(changed),
                changed,
                configSource,
                workerHooks,
                environment,
                warnings,
                hooks,
                logSetup);
    }
}
