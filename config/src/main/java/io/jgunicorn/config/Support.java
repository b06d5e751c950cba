package io.jgunicorn.config;

import io.jgunicorn.config.value.Surroundings;
import java.util.Optional;
import java.util.function.BiPredicate;

/** How far this server honours a setting. */
public sealed interface Support {
    /** It does what gunicorn does, or what the documented differences say. */
    record Implemented() implements Support {}

    /**
     * It is accepted without a warning because leaving it out harms nobody.
     *
     * @param effect what it means here
     */
    record Accepted(String effect) implements Support {}

    /** It has no effect yet; setting it to anything but the default draws a warning. */
    record NotYet() implements Support {}

    /**
     * Ignoring it would be unsafe, so some values stop the start.
     *
     * @param when true for a value (empty for None) that cannot be honoured
     * @param reason what to tell the operator
     */
    record Refused(BiPredicate<Optional<Object>, Surroundings> when, String reason)
            implements Support {}
}
