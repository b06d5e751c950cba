package io.jgunicorn.config;

import io.jgunicorn.config.value.HookRef;
import io.jgunicorn.config.value.InvalidValueException;
import io.jgunicorn.config.value.PyText;
import io.jgunicorn.config.value.RawValue;
import io.jgunicorn.config.value.Surroundings;
import io.jgunicorn.config.value.ValueTooLargeException;
import io.jgunicorn.python.ConfigModule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/** The values of all settings while they are being merged. Used by one thread, then thrown away. */
final class SettingValues {
    private final Surroundings surroundings;
    private final Map<String, Optional<Object>> values = new HashMap<>();
    private final Map<String, Origin> origins = new HashMap<>();

    /** Starts with the defaults. */
    SettingValues(Surroundings surroundings) {
        this.surroundings = surroundings;
        for (Setting setting : Settings.all()) {
            values.put(setting.name(), defaultOf(setting));
            boolean fromEnvironment =
                    !surroundings.environment().getOrDefault(setting.variable(), "").isEmpty();
            origins.put(setting.name(), fromEnvironment ? Origin.ENVIRONMENT : Origin.DEFAULT);
        }
    }

    private Optional<Object> defaultOf(Setting setting) {
        try {
            return setting.defaultValue().apply(surroundings);
        } catch (ValueTooLargeException e) {
            throw ConfigFailure.error(setting.name() + ": " + e.getMessage());
        } catch (InvalidValueException e) {
            throw ConfigFailure.error(e.getMessage());
        }
    }

    /**
     * Puts a value in place of a weaker one.
     *
     * @throws ConfigFailure if the setting's rule refuses it
     */
    void set(String name, RawValue raw, Origin origin) {
        try {
            values.put(name, Settings.named(name).orElseThrow().accept(raw, surroundings));
        } catch (ValueTooLargeException e) {
            throw ConfigFailure.error(name + ": " + e.getMessage());
        } catch (InvalidValueException e) {
            throw ConfigFailure.error(e.getMessage());
        }
        origins.put(name, origin);
    }

    /**
     * The merged configuration.
     *
     * @throws ConfigFailure if there is no application, or something cannot be honoured safely
     */
    LoadedConfig finish(String notice, String source, Optional<ConfigModule> module) {
        if (values.get("wsgi_app").filter(app -> !app.equals("")).isEmpty()
                && values.get("paste").isEmpty()) {
            throw ConfigFailure.error("No application module specified.");
        }
        List<String> warnings = new ArrayList<>();
        Settings.all().forEach(setting -> checkSupport(setting, warnings));
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
        return new LoadedConfig(
                ServerConfig.from(settings),
                settings,
                origins,
                warnings,
                notice,
                hooks,
                source,
                module);
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
                            + ".");
        }
    }
}
