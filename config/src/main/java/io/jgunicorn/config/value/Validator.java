package io.jgunicorn.config.value;

import java.util.Optional;

/** The rule of a setting: accepts a value in its final form, or refuses it. Stateless. */
@FunctionalInterface
public interface Validator {
    /**
     * The value in the form the server uses: a String, Long, Boolean, List of String, Map of String
     * to String or {@link HookRef}; empty for Python's None.
     *
     * @throws InvalidValueException if the value breaks the rule
     */
    Optional<Object> accept(RawValue value, Surroundings surroundings);
}
