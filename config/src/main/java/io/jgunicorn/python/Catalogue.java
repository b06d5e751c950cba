package io.jgunicorn.python;

import io.jgunicorn.config.value.RawValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Python code may ask about settings. Called on threads that run Python. */
public interface Catalogue {
    /** Every setting but the hooks, with the value it has when nobody names it. */
    Map<String, Object> defaults();

    /** How many parameters each hook is called with. */
    Map<String, Integer> hooks();

    /**
     * The value as the server keeps it; empty for None.
     *
     * @throws io.jgunicorn.config.value.InvalidValueException if the setting's rule refuses it
     */
    Optional<Object> accepted(String setting, RawValue value);

    /** What command line arguments ask for. */
    Arguments parsed(List<String> arguments);

    /** The answer to {@link #parsed}. */
    sealed interface Arguments {
        /**
         * Values to use.
         *
         * @param values by setting name
         * @param application the first positional argument
         */
        record Values(Map<String, Object> values, Optional<String> application)
                implements Arguments {}

        /** A text, and the end of the program: on stdout if the code is 0, else on stderr. */
        record End(int exitCode, String text) implements Arguments {}
    }
}
