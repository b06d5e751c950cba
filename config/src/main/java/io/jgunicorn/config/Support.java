package io.jgunicorn.config;

import io.jgunicorn.config.value.Surroundings;
import java.util.Optional;
import java.util.function.BiPredicate;

/** How far this server honours a setting. Sentences begin small and have no full stop. */
public sealed interface Support {
    /** It does what gunicorn does, or what {@link Setting#difference} says. */
    record Implemented() implements Support {}

    /**
     * Implemented, but some values stop the start.
     *
     * @param when true for a value (empty for None) that cannot be honoured
     * @param reason why, and what to do instead, for the operator
     */
    record Limited(BiPredicate<Optional<Object>, Surroundings> when, String reason)
            implements Support {}

    /**
     * It is accepted without a warning because leaving it out harms nobody.
     *
     * @param effect what it means here
     */
    record Accepted(String effect) implements Support {}

    /**
     * It has no effect yet; setting it to anything but the default draws a warning.
     *
     * @param instead what happens all the same, or what to use
     */
    record NotYet(String instead) implements Support {}

    /**
     * Not supported, and ignoring it would be unsafe: the values that ask for it stop the start.
     *
     * @param when true for a value (empty for None) that cannot be honoured
     * @param reason why, and what to do instead, for the operator
     */
    record Refused(BiPredicate<Optional<Object>, Surroundings> when, String reason)
            implements Support {}
}
