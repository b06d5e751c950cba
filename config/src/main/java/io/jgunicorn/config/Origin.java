package io.jgunicorn.config;

/** Where a value came from, weakest first. */
public enum Origin {
    DEFAULT("default"),
    ENVIRONMENT("environment"),
    FILE("file"),
    CMD_ARGS("GUNICORN_CMD_ARGS"),
    COMMAND_LINE("command line");

    private final String label;

    Origin(String label) {
        this.label = label;
    }

    /** How to name it to the operator. */
    public String label() {
        return label;
    }
}
