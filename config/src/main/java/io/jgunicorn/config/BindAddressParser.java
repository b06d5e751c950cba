package io.jgunicorn.config;

import io.jgunicorn.config.BindAddress.InheritedFd;
import io.jgunicorn.config.BindAddress.Tcp;
import io.jgunicorn.config.BindAddress.UnixSocket;
import io.jgunicorn.config.value.PyInt;
import io.jgunicorn.config.value.PyText;
import java.nio.file.Path;
import java.util.Locale;

/** Reads the forms of an address that {@code bind} knows. */
final class BindAddressParser {
    private static final int MAX_PORT = 65535;

    private BindAddressParser() {}

    static BindAddress parse(String text) {
        if (text.startsWith("unix:")) {
            String path = text.substring(text.startsWith("unix://") ? 7 : 5);
            if (path.isEmpty()) {
                throw ConfigFailure.error(PyText.repr(text) + " names no socket path.");
            }
            return new UnixSocket(Path.of(path));
        }
        if (text.startsWith("fd://")) {
            return descriptor(text.substring(5));
        }
        return tcp(text.startsWith("tcp://") ? text.substring(6) : text);
    }

    private static BindAddress descriptor(String text) {
        return PyInt.decimal(text)
                .filter(fd -> fd >= 0 && fd <= Integer.MAX_VALUE)
                .map(fd -> new InheritedFd(fd.intValue()))
                .orElseThrow(
                        () ->
                                ConfigFailure.error(
                                        PyText.repr(text) + " is not a valid file descriptor."));
    }

    private static BindAddress tcp(String text) {
        String host;
        String port = Integer.toString(BindAddress.DEFAULT_PORT);
        int bracket = text.indexOf(']');
        if (text.startsWith("[") && bracket > 0) {
            host = text.substring(1, bracket);
            if (text.startsWith("]:", bracket)) {
                port = text.substring(bracket + 2);
            }
        } else if (text.indexOf(':') >= 0) {
            String[] parts = text.split(":", -1);
            host = parts[0];
            port = parts[1];
        } else {
            host = text;
        }
        return new Tcp(host.toLowerCase(Locale.ROOT), port(port));
    }

    private static int port(String text) {
        return PyInt.decimal(text)
                .filter(port -> port >= 0 && port <= MAX_PORT)
                .orElseThrow(
                        () ->
                                ConfigFailure.error(
                                        PyText.repr(text) + " is not a valid port number."))
                .intValue();
    }
}
