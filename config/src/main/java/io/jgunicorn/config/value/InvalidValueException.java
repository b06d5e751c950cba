package io.jgunicorn.config.value;

/** A value breaks the rule of its setting; the message is for the operator. */
public sealed class InvalidValueException extends RuntimeException permits ValueTooLargeException {
    private static final long serialVersionUID = 1L;

    public InvalidValueException(String message) {
        super(message);
    }
}
