package io.jgunicorn.config;

/** Where a value came from. */
public sealed interface Origin {
    /** How to name it to the operator. */
    String label();

    /** No source has named the setting. */
    record Default() implements Origin {
        @Override
        public String label() {
            return "default";
        }
    }

    /**
     * A variable: one that sets a default, or {@code GUNICORN_CMD_ARGS}.
     *
     * @param variable its name
     */
    record Environment(String variable) implements Origin {
        @Override
        public String label() {
            return "environment " + variable;
        }
    }

    /**
     * The configuration file.
     *
     * @param source {@code file:/abs/path} or {@code python:MODULE}
     * @param line where it sets the name, from 1; 0 if that is not known
     */
    record File(String source, int line) implements Origin {
        @Override
        public String label() {
            return line > 0 ? source + ":" + line : source;
        }
    }

    /** An argument. */
    record CommandLine() implements Origin {
        @Override
        public String label() {
            return "command line";
        }
    }
}
