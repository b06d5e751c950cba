package io.jgunicorn.config;

import java.nio.file.Path;

/** An address to listen on, as gunicorn's {@code bind} setting writes it. */
public sealed interface BindAddress {
    /** Port of an address that names none. */
    int DEFAULT_PORT = 8000;

    /**
     * Reads an address: {@code HOST}, {@code HOST:PORT}, {@code [V6]:PORT}, {@code :PORT}, each
     * perhaps after {@code tcp://}; {@code unix:PATH}, {@code unix://PATH}; {@code fd://N}.
     *
     * @throws ConfigFailure if the port or descriptor is none
     */
    static BindAddress parse(String text) {
        return BindAddressParser.parse(text);
    }

    /**
     * A TCP address.
     *
     * @param host name, IPv4 literal or IPv6 literal without brackets; empty means every interface
     *     (0.0.0.0)
     * @param port 0 to 65535; 0 lets the system choose
     */
    record Tcp(String host, int port) implements BindAddress {
        /** As gunicorn logs it: {@code http://127.0.0.1:8000}, {@code http://[::1]:8000}. */
        @Override
        public String toString() {
            String shown = host.isEmpty() ? "0.0.0.0" : host;
            return "http://" + (shown.indexOf(':') >= 0 ? "[" + shown + "]" : shown) + ":" + port;
        }
    }

    /** A Unix stream socket at a path. */
    record UnixSocket(Path path) implements BindAddress {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /** A descriptor that is already listening (gunicorn: {@code fd://N}). */
    record InheritedFd(int fd) implements BindAddress {
        @Override
        public String toString() {
            return "fd://" + fd;
        }
    }
}
