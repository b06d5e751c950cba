package io.jgunicorn.config;

import io.jgunicorn.config.value.HookRef;
import io.jgunicorn.config.value.InvalidValueException;
import io.jgunicorn.config.value.PyText;
import io.jgunicorn.config.value.RawValue;
import io.jgunicorn.config.value.Surroundings;
import io.jgunicorn.config.value.ValueTooLargeException;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.python.ConfigModule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/** The values of all settings while they are being merged. Used by one thread, then thrown away. */
final class SettingValues {
    private final Surroundings surroundings;
    private final Map<String, Optional<Object>> values = new HashMap<>();
    private final Map<String, Origin> origins = new HashMap<>();

    /** Starts with the defaults. */
    SettingValues(Surroundings surroundings) {
        this.surroundings = surroundings;
        for (Setting setting : Settings.all()) {
            String name = setting.name();
            boolean named = surroundings.environment().containsKey(setting.variable());
            origins.put(
                    name,
                    named ? new Origin.Environment(setting.variable()) : new Origin.Default());
            values.put(name, defaultOf(setting));
            if (named && isIgnored(setting)) {
                origins.put(name, new Origin.Default());
            }
        }
    }

    /** An empty variable counts for some settings only. */
    private boolean isIgnored(Setting setting) {
        Surroundings bare =
                new Surroundings(
                        Map.of(),
                        surroundings.startDirectory(),
                        surroundings.euid(),
                        surroundings.egid());
        return surroundings.environment().get(setting.variable()).isEmpty()
                && values.get(setting.name()).equals(setting.defaultValue().apply(bare));
    }

    private Optional<Object> defaultOf(Setting setting) {
        return checked(
                setting.name(),
                origins.get(setting.name()),
                () -> setting.defaultValue().apply(surroundings));
    }

    private static Optional<Object> checked(
            String name, Origin origin, Supplier<Optional<Object>> value) {
        try {
            return value.get();
        } catch (ValueTooLargeException e) {
            throw ConfigFailure.error(name + ": " + e.getMessage()).about(name).from(origin);
        } catch (InvalidValueException e) {
            throw ConfigFailure.error(e.getMessage()).about(name).from(origin);
        }
    }

    /**
     * Puts a value in place of a weaker one.
     *
     * @throws ConfigFailure if the setting's rule refuses it
     */
    void set(String name, RawValue raw, Origin origin) {
        Setting setting = Settings.named(name).orElseThrow();
        values.put(name, checked(name, origin, () -> setting.accept(raw, surroundings)));
        origins.put(name, origin);
    }

    /**
     * @throws ConfigFailure if no source names an application
     */
    void requireApplication() {
        if (values.get("wsgi_app").filter(app -> !app.equals("")).isEmpty()) {
            throw ConfigFailure.error("No application module specified.");
        }
    }

    /** What {@code --print-config} shows; empty if it was not asked. */
    String report() {
        if (!values.get("print_config").equals(Optional.of(true))) {
            return "";
        }
        Map<String, Object> all = new TreeMap<>();
        values.forEach((name, value) -> all.put(name, value.orElse(null)));
        return ConfigReport.of(all, origins);
    }

    /**
     * The merged configuration.
     *
     * @throws ConfigFailure if something cannot be honoured safely
     */
    LoadedConfig finish(String notice, Optional<ConfigSource> from, Optional<ConfigModule> module) {
        String source = from.map(ConfigSource::name).orElse("");
        List<String> warnings = new ArrayList<>();
        Settings.all().forEach(setting -> checkSupport(setting, warnings));
        warnings.addAll(idleScaling());
        Map<String, Object> settings = new TreeMap<>();
        Map<String, HookRef> hooks = new TreeMap<>();
        values.forEach(
                (name, value) -> {
                    if (value.isPresent() && value.get() instanceof HookRef hook) {
                        hooks.put(name, hook);
                    } else {
                        settings.put(name, value.orElse(null));
                    }
                });
        warnings.addAll(idleLogging(settings));
        if (Long.valueOf(0).equals(settings.get("workers"))) {
            warnings.add("workers = 0: nothing is served until TTIN or a reload brings workers");
        }
        module.ifPresent(evaluated -> warnings.addAll(nearMisses(evaluated, source)));
        return new LoadedConfig(
                typed(settings), settings, origins, warnings, notice, hooks, source, module);
    }

    private ServerConfig typed(Map<String, Object> settings) {
        try {
            return ServerConfig.from(settings);
        } catch (ConfigFailure failure) {
            throw failure.setting().map(name -> failure.from(origins.get(name))).orElse(failure);
        }
    }

    private static List<String> nearMisses(ConfigModule module, String source) {
        List<String> warnings = new ArrayList<>();
        for (String name : module.strangers()) {
            NearMiss.of(name, module.values().keySet())
                    .ifPresent(
                            setting ->
                                    warnings.add(
                                            "No setting is called %s (%s): did you mean %s?"
                                                    .formatted(
                                                            name,
                                                            new Origin.File(
                                                                            source,
                                                                            module.lineOf(name))
                                                                    .label(),
                                                            setting)));
        }
        return warnings;
    }

    /** Settings of logs that are not what they seem to be. */
    private static List<String> idleLogging(Map<String, Object> settings) {
        List<String> warnings = new ArrayList<>();
        if (settings.get("loglevel") instanceof String level && !LogLevel.isName(level)) {
            warnings.add(
                    "loglevel = "
                            + PyText.repr(level)
                            + " is none of debug, info, warning, error and critical: info is used");
        }
        if (Boolean.TRUE.equals(settings.get("access_log_json"))) {
            if (settings.get("accesslog") == null && !Boolean.TRUE.equals(settings.get("syslog"))) {
                warnings.add("access_log_json has no effect without accesslog");
            }
            if (PythonLogging.isWantedBy(settings)) {
                warnings.add(
                        "access_log_json has no effect where logs go through Python's logging"
                                + " (logconfig, logconfig_dict, logconfig_json, logger_class)");
            }
        }
        return warnings;
    }

    /** Settings of scaling that were given though it is off. */
    private List<String> idleScaling() {
        if (!values.get("max_workers").equals(Optional.of(0L))) {
            return values.get("reload").equals(Optional.of(true))
                    ? List.of("max_workers has no effect under reload")
                    : List.of();
        }
        return values.keySet().stream()
                .filter(name -> name.startsWith("scaling_") || name.equals("min_workers"))
                .filter(name -> !(origins.get(name) instanceof Origin.Default))
                .map(name -> name + " has no effect without max_workers")
                .toList();
    }

    private void checkSupport(Setting setting, List<String> warnings) {
        Optional<Object> value = values.getOrDefault(setting.name(), Optional.empty());
        switch (setting.support()) {
            case Support.Implemented() -> {}
            case Support.Accepted(String _) -> {}
            case Support.NotYet(String instead) -> {
                if (!value.equals(defaultOf(setting))) {
                    warnings.add(
                            "Setting "
                                    + setting.name()
                                    + " = "
                                    + PyText.str(value.orElse(null))
                                    + " is not supported yet and has no effect ("
                                    + origins.get(setting.name()).label()
                                    + "): "
                                    + instead
                                    + ".");
                }
            }
            case Support.Limited(var when, String reason) -> refuse(setting, when, reason);
            case Support.Refused(var when, String reason) -> refuse(setting, when, reason);
        }
    }

    private void refuse(
            Setting setting, BiPredicate<Optional<Object>, Surroundings> when, String reason) {
        Optional<Object> value = values.getOrDefault(setting.name(), Optional.empty());
        if (when.test(value, surroundings)) {
            throw ConfigFailure.error(
                            setting.name()
                                    + " = "
                                    + PyText.str(value.orElse(null))
                                    + " cannot be used: "
                                    + reason
                                    + ".")
                    .about(setting.name())
                    .from(origins.get(setting.name()));
        }
    }
}
