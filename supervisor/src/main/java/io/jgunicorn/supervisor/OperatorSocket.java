package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.supervisor.ctl.CtlSocket;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
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
    private final boolean succeeds;
    private Optional<CtlSocket> open = Optional.empty();
    private boolean openedOnce;

    /**
     * @param succeeds whether this master takes the place of another one, and of its socket
     */
    OperatorSocket(
            Optional<ServerConfig.ControlSocket> wanted,
            ControlServer control,
            ErrorLog log,
            Consumer<Event> events,
            boolean succeeds) {
        this.wanted = wanted;
        this.control = control;
        this.log = log;
        this.events = events;
        this.succeeds = succeeds;
    }

    /** Opens it, or opens it anew because another master has taken its path. */
    void open() {
        if (wanted.isEmpty()) {
            return;
        }
        ServerConfig.ControlSocket place = wanted.get();
        try {
            close();
            boolean takesOver = !openedOnce && !succeeds && answers(place.path());
            open =
                    Optional.of(
                            CtlSocket.open(
                                    place.path(),
                                    place.mode(),
                                    control.loop(),
                                    log,
                                    call -> events.accept(new Event.Asked(call))));
            openedOnce = true;
            log.info("Control socket listening at " + place.path());
            if (takesOver) {
                log.warning(
                        "Another server had this control socket and is not reached by it any more:"
                                + " give each its own (--control-socket)");
            }
        } catch (IOException e) {
            log.warning("No control socket at " + place.path() + ": " + e.getMessage());
        }
    }

    private static boolean answers(Path path) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException | IllegalArgumentException _) {
            return false; // nobody is there, or no socket can be
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
