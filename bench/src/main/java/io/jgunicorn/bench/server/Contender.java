package io.jgunicorn.bench.server;

import java.util.List;

/**
 * A server with its settings; the name stands in results and tells them apart.
 *
 * @param arguments the words that choose the settings, without address and application
 */
public record Contender(String name, ServerKind kind, List<String> arguments) {
    public Contender {
        arguments = List.copyOf(arguments);
    }

    public Contender(String name, ServerKind kind, String... arguments) {
        this(name, kind, List.of(arguments));
    }

    /** True for servers that compile while they run, and so need a long warm-up. */
    public boolean warmsUp() {
        return kind == ServerKind.JGUNICORN || kind == ServerKind.NETTY;
    }

    public boolean isOurs() {
        return kind == ServerKind.JGUNICORN;
    }
}
