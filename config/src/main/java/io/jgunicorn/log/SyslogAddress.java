package io.jgunicorn.log;

import java.util.Locale;
import java.util.Optional;

/** What {@code syslog_addr} names: {@code udp://}, {@code tcp://} or {@code unix://}. */
public sealed interface SyslogAddress {
    /** The port if there is none. */
    int USUAL_PORT = 514;

    /** One message in a datagram. */
    record Udp(String host, int port) implements SyslogAddress {}

    /** Messages after each other, each with a NUL byte at its end. */
    record Tcp(String host, int port) implements SyslogAddress {}

    /**
     * A Unix socket.
     *
     * @param stream whether it takes a stream; empty: to be tried, datagrams first
     */
    record Unix(String path, Optional<Boolean> stream) implements SyslogAddress {}

    /**
     * Reads a setting.
     *
     * @throws IllegalArgumentException with gunicorn's words, and the value
     */
    static SyslogAddress parse(String text) {
        if (text.startsWith("unix://")) {
            String[] parts = text.substring("unix://".length()).split("#", 2);
            Optional<Boolean> stream = Optional.empty();
            if (parts.length == 2 && (parts[1].equals("dgram") || parts[1].equals("stream"))) {
                stream = Optional.of(parts[1].equals("stream"));
            }
            return new Unix(parts[0], stream);
        }
        boolean udp = text.startsWith("udp://");
        if (!udp && !text.startsWith("tcp://")) {
            throw new IllegalArgumentException(
                    "invalid syslog address '" + text + "': it is udp://, tcp:// or unix://");
        }
        String rest = text.substring("udp://".length());
        int bracket = rest.lastIndexOf(']');
        int colon = rest.indexOf(':', bracket + 1);
        String host = colon < 0 ? rest : rest.substring(0, colon);
        if (bracket >= 0) {
            host = rest.substring(rest.indexOf('[') + 1, bracket);
        }
        int port = colon < 0 ? USUAL_PORT : port(rest.substring(colon + 1));
        String name = host.isEmpty() ? "localhost" : host.toLowerCase(Locale.ROOT);
        return udp ? new Udp(name, port) : new Tcp(name, port);
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65535) {
            throw new IllegalArgumentException("'" + text + "' is not a valid port number.");
        }
        return Integer.parseInt(text);
    }
}
