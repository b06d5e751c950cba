package io.jgunicorn.python;

import io.jgunicorn.config.value.InvalidValueException;
import io.jgunicorn.config.value.PyText;
import io.jgunicorn.config.value.RawValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.graalvm.polyglot.Value;

/**
 * What {@code settings_host.py} calls: answers are Python literals, so that one text crosses the
 * border. On threads that run Python.
 */
public final class SettingsHost {
    private final Supplier<Catalogue> source;
    private Catalogue catalogue;

    /**
     * @param source asked once, when the first question comes: most processes have none
     */
    public SettingsHost(Supplier<Catalogue> source) {
        this.source = source;
    }

    private synchronized Catalogue catalogue() {
        if (catalogue == null) {
            catalogue = source.get();
        }
        return catalogue;
    }

    /** A pair of dicts: settings with their defaults, hooks with their arity. */
    public String defaults() {
        return pair(new TreeMap<>(catalogue().defaults()), new TreeMap<>(catalogue().hooks()));
    }

    /**
     * {@code ('value', VALUE)}, {@code ('object', None)} for what only Python can hold, or {@code
     * ('refused', TEXT)}.
     *
     * @param tagged see {@link RawValues}
     */
    public String accepted(String setting, Value tagged) {
        RawValue value = RawValues.read(tagged);
        try {
            Optional<Object> accepted = catalogue().accepted(setting, value);
            return value instanceof RawValue.Callable || value instanceof RawValue.ClassObject
                    ? pair("object", null)
                    : pair("value", accepted.orElse(null));
        } catch (InvalidValueException e) {
            return pair("refused", e.getMessage());
        }
    }

    /** {@code ('options', DICT, APPLICATION)} or {@code ('end', EXIT CODE, TEXT)}. */
    public String parsed(Value arguments) {
        List<String> list = new ArrayList<>();
        for (long i = 0; i < arguments.getArraySize(); i++) {
            list.add(arguments.getArrayElement(i).asString());
        }
        return switch (catalogue().parsed(list)) {
            case Catalogue.Arguments.Values(Map<String, Object> values, var application) ->
                    tuple("options", new TreeMap<>(values), application.orElse(null));
            case Catalogue.Arguments.End(int exitCode, String text) ->
                    tuple("end", (long) exitCode, text);
        };
    }

    private static String pair(Object one, Object other) {
        return "(" + PyText.reprOf(one) + ", " + PyText.reprOf(other) + ")";
    }

    private static String tuple(Object one, Object two, Object three) {
        return "("
                + PyText.reprOf(one)
                + ", "
                + PyText.reprOf(two)
                + ", "
                + PyText.reprOf(three)
                + ")";
    }
}
