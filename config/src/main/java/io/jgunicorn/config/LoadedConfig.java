package io.jgunicorn.config;

import io.jgunicorn.config.value.HookRef;
import io.jgunicorn.python.ConfigModule;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The outcome of loading. Immutable, except that the {@link ConfigModule} is bound to the thread
 * that loads.
 *
 * @param config the typed form
 * @param settings every setting but the hooks by name, as {@code ControlMessage.Configure} can
 *     carry them: String, Long, Boolean, List of String, Map of String to String, or null
 * @param origins where each value came from, hooks included
 * @param warnings one line for each setting that will not be honoured; for the log
 * @param notice text for stderr before anything else is printed, mostly empty
 * @param hooks every hook, defined or not
 * @param configSource {@code file:/abs/path}, {@code python:MODULE}, {@code script:...} (see {@link
 *     ConfigSource}), or empty without a configuration file
 * @param module the evaluated configuration file
 */
public record LoadedConfig(
        ServerConfig config,
        Map<String, Object> settings,
        Map<String, Origin> origins,
        List<String> warnings,
        String notice,
        Map<String, HookRef> hooks,
        String configSource,
        Optional<ConfigModule> module)
        implements LoadResult {
    /** Hooks that run inside a worker. */
    private static final Set<String> WORKER_HOOKS =
            Set.of(
                    "post_fork",
                    "post_worker_init",
                    "pre_request",
                    "post_request",
                    "worker_int",
                    "worker_abort",
                    "worker_exit");

    public LoadedConfig {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
        origins = Collections.unmodifiableMap(new TreeMap<>(origins));
        hooks = Collections.unmodifiableMap(new TreeMap<>(hooks));
        warnings = List.copyOf(warnings);
    }

    /** Names of the hooks the configuration defines. */
    public Set<String> definedHooks() {
        Set<String> names = new TreeSet<>();
        hooks.forEach(
                (name, hook) -> {
                    if (hook.defined()) {
                        names.add(name);
                    }
                });
        return names;
    }

    /** Names of the defined hooks that run inside a worker; for {@code Configure}. */
    public Set<String> workerHooks() {
        Set<String> names = definedHooks();
        names.retainAll(WORKER_HOOKS);
        return names;
    }

    /** True for {@code --check-config}. */
    public boolean checkConfig() {
        return Boolean.TRUE.equals(settings.get("check_config"));
    }

    /** True for {@code --print-config}. */
    public boolean printConfig() {
        return Boolean.TRUE.equals(settings.get("print_config"));
    }
}
