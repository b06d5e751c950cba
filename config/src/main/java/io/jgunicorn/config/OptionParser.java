package io.jgunicorn.config;

import io.jgunicorn.config.value.RawValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns command line arguments into values; knows nothing of other sources. */
@FunctionalInterface
public interface OptionParser {
    /**
     * Reads the arguments.
     *
     * @throws ConfigFailure with exit code 2 if they break the syntax
     */
    Parsed parse(List<String> arguments);

    /** What the arguments ask for. */
    sealed interface Parsed {}

    /**
     * Values to use.
     *
     * @param values by setting name, in the order the catalogue has them
     * @param application the first positional argument
     */
    record Options(Map<String, RawValue> values, Optional<String> application) implements Parsed {
        /** The text given for a setting, trimmed; empty if it was not, or with nothing. */
        Optional<String> text(String setting) {
            return Optional.ofNullable(values.get(setting))
                    .map(RawValue::str)
                    .map(String::strip)
                    .filter(text -> !text.isEmpty());
        }
    }

    /** A text for stdout, and nothing else: help or version. */
    record Printed(String text) implements Parsed {}
}
