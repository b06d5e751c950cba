package io.jgunicorn.config;

import io.jgunicorn.config.OptionParser.Options;
import io.jgunicorn.config.OptionParser.Printed;
import io.jgunicorn.config.value.HookRef;
import io.jgunicorn.config.value.InvalidValueException;
import io.jgunicorn.config.value.RawValue;
import io.jgunicorn.config.value.Surroundings;
import io.jgunicorn.python.Catalogue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The catalogue of settings as Python code sees it; see {@link Catalogue}. */
public record SettingsCatalogue(OptionParser parser, Surroundings surroundings)
        implements Catalogue {

    @Override
    public Map<String, Object> defaults() {
        Map<String, Object> defaults = new HashMap<>();
        for (Setting setting : Settings.all()) {
            if (!setting.isHook()) {
                defaults.put(setting.name(), defaultOf(setting));
            }
        }
        return defaults;
    }

    /** None where a variable that sets it is wrong: whoever loads the configuration says so. */
    private Object defaultOf(Setting setting) {
        try {
            return setting.defaultValue().apply(surroundings).orElse(null);
        } catch (InvalidValueException _) {
            return null;
        }
    }

    @Override
    public Map<String, Integer> hooks() {
        Map<String, Integer> hooks = new HashMap<>();
        for (Setting setting : Settings.all()) {
            if (setting.isHook()
                    && setting.defaultValue().apply(surroundings).orElse(null)
                            instanceof HookRef hook) {
                hooks.put(setting.name(), hook.arity());
            }
        }
        return hooks;
    }

    @Override
    public Optional<Object> accepted(String setting, RawValue value) {
        return Settings.named(setting).orElseThrow().accept(value, surroundings);
    }

    @Override
    public Arguments parsed(List<String> arguments) {
        try {
            return switch (parser.parse(arguments)) {
                case Printed(String text) ->
                        new Arguments.End(0, text.endsWith("\n") ? text : text + "\n");
                case Options(Map<String, RawValue> values, Optional<String> application) -> {
                    Map<String, Object> plain = new HashMap<>();
                    values.forEach((name, value) -> plain.put(name, plain(value)));
                    yield new Arguments.Values(plain, application);
                }
            };
        } catch (ConfigFailure e) {
            return new Arguments.End(e.exitCode(), e.text());
        }
    }

    /** A value as a command line gives it: no other kinds of values come from there. */
    private static Object plain(RawValue value) {
        return switch (value) {
            case RawValue.None() -> null;
            case RawValue.Bool(boolean flag) -> flag;
            case RawValue.Int(long number) -> number;
            case RawValue.Items(List<RawValue> items, String _) ->
                    items.stream().map(SettingsCatalogue::plain).toList();
            default -> value.str();
        };
    }
}
