package io.jgunicorn.config.value;

/**
 * A number is beyond what we can keep. gunicorn has no such limit and therefore no message to
 * repeat, so the operator is also told which setting it is.
 */
public final class ValueTooLargeException extends InvalidValueException {
    private static final long serialVersionUID = 1L;

    ValueTooLargeException(String value) {
        super("Value is too large: " + value + " (at most " + Integer.MAX_VALUE + ")");
    }
}
