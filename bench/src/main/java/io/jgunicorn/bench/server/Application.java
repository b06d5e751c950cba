package io.jgunicorn.bench.server;

/**
 * A Python application of {@code bench/apps}.
 *
 * @param module the module's name; its WSGI callable is {@code app}
 * @param frameworks whether it needs Flask or Django
 * @param readyPath answers 200 as soon as the application serves
 */
public record Application(String module, boolean frameworks, String readyPath) {
    /** As gunicorn names it. */
    public String spec() {
        return module + ":app";
    }
}
