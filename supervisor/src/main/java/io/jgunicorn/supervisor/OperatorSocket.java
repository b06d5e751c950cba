package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.supervisor.ctl.CtlSocket;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The control socket of this master, if it is to have one; without it the server is only less
 * convenient. Used by the master's thread only.
 */
final class OperatorSocket implements AutoCloseable {
    private final Optional<ServerConfig.ControlSocket> wanted;
    private final ControlServer control;
    private final ErrorLog log;
    private final Consumer<Event> events;
    private Optional<CtlSocket> open = Optional.empty();

    OperatorSocket(
            Optional<ServerConfig.ControlSocket> wanted,
            ControlServer control,
            ErrorLog log,
            Consumer<Event> events) {
        this.wanted = wanted;
        this.control = control;
        this.log = log;
        this.events = events;
    }

    /** Opens it, or opens it anew because another master has taken its path. */
    void open() {
        if (wanted.isEmpty()) {
            return;
        }
        ServerConfig.ControlSocket place = wanted.get();
        try {
            close();
            open =
                    Optional.of(
                            CtlSocket.open(
                                    place.path(),
                                    place.mode(),
                                    control.loop(),
                                    log,
                                    call -> events.accept(new Event.Asked(call))));
            log.info("Control socket listening at " + place.path());
        } catch (IOException e) {
            log.warning("No control socket at " + place.path() + ": " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        if (open.isPresent()) {
            CtlSocket socket = open.get();
            open = Optional.empty();
            socket.close();
        }
    }
}
