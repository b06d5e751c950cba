package io.jgunicorn.supervisor;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.BindAddress.InheritedFd;
import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.os.Identity;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The listening sockets of the master. Used by the master's thread only.
 *
 * <p>At start an address that cannot be bound is tried 5 times, 1 s apart; at a reload once,
 * because then there is a server to run on with.
 *
 * <p>Sockets of a service manager stand in for all addresses of the configuration, as in gunicorn,
 * and of every later one. Where a configuration names descriptors ({@code fd://N}), these and those
 * of a service manager are all there is, again as in gunicorn.
 */
final class ListenerSockets implements AutoCloseable {
    private static final int TRIES = 5;
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private final ErrorLog log;
    private final List<Listener> activated;
    private final List<Listener> open;

    /**
     * Nothing is bound yet.
     *
     * @param inherited those of a service manager (see {@link SocketActivation}), which no address
     *     of a configuration asks for; or those of the master before this one, which are used again
     *     where the configuration asks for them
     */
    ListenerSockets(ErrorLog log, List<Listener> inherited) {
        this.log = log;
        this.activated = inherited.stream().filter(Listener::activated).toList();
        this.open = new ArrayList<>(inherited);
    }

    /** Why there can be no sockets on this system at all; empty if there can. */
    static Optional<String> unavailable() {
        return Epoll.isAvailable()
                ? Optional.empty()
                : Optional.of(
                        "jgunicorn needs Linux on x86-64, aarch64 or riscv64 for now: Netty's"
                                + " epoll transport is not available here ("
                                + Epoll.unavailabilityCause().getMessage()
                                + ").");
    }

    /**
     * Binds the addresses of the first configuration, with patience.
     *
     * @throws StartFailure if an address cannot be bound or a signal asks to stop meanwhile
     */
    List<Listener> openAll(ServerConfig config, Inbox inbox)
            throws StartFailure, InterruptedException {
        List<BindAddress> asked = asked(config);
        if (!activated.isEmpty() && !inherited(asked)) {
            return activated;
        }
        List<Listener> handedOver = new ArrayList<>(open);
        List<Listener> listeners = new ArrayList<>();
        for (BindAddress address : asked) {
            Optional<Listener> known = find(handedOver, address);
            known.ifPresent(handedOver::remove); // the same address again is another socket
            listeners.add(known.isPresent() ? known.get() : openPatiently(address, config, inbox));
        }
        List<Listener> all = withActivated(listeners);
        retain(all);
        return all;
    }

    /**
     * The sockets for another configuration: those that are open already are used again, the others
     * are bound now. All or none.
     */
    List<Listener> reopenAll(ServerConfig config) throws BindFailure {
        List<BindAddress> asked = asked(config);
        if (!activated.isEmpty() && !inherited(asked)) {
            return activated;
        }
        List<Listener> listeners = new ArrayList<>();
        List<Listener> fresh = new ArrayList<>();
        try {
            for (BindAddress address : asked) {
                Optional<Listener> known = find(open, address);
                if (known.isEmpty()) {
                    fresh.add(open(address, config));
                }
                listeners.add(known.orElseGet(fresh::getLast));
            }
        } catch (BindFailure e) {
            fresh.forEach(this::close);
            open.removeAll(fresh);
            throw e;
        }
        return withActivated(listeners);
    }

    /** The addresses that count: descriptors, if there are any; each of them once. */
    private static List<BindAddress> asked(ServerConfig config) {
        List<BindAddress> all = config.sockets().bind();
        return inherited(all)
                ? all.stream().filter(InheritedFd.class::isInstance).distinct().toList()
                : all;
    }

    private static boolean inherited(List<BindAddress> addresses) {
        return addresses.stream().anyMatch(InheritedFd.class::isInstance);
    }

    /** Those of a service manager are served whatever else is. */
    private List<Listener> withActivated(List<Listener> listeners) {
        return Stream.concat(listeners.stream(), activated.stream()).distinct().toList();
    }

    private static Optional<Listener> find(List<Listener> listeners, BindAddress asked) {
        return listeners.stream().filter(l -> l.asked().equals(asked)).findFirst();
    }

    /** Workers run as somebody else from now on, who is to have the socket files. */
    void giveFiles(Identity workers) {
        for (Listener listener : open) {
            try {
                listener.own(workers);
            } catch (IOException e) {
                log.warning("The owner of " + listener.bound() + " stays: " + e.getMessage());
            }
        }
    }

    /** Another master has the sockets too: it is to remove their files. */
    void leaveFiles() {
        open.forEach(Listener::leaveFile);
    }

    /** This master alone has the sockets that were bound by us or by the one before it. */
    void adoptFiles() {
        for (Listener listener : open) {
            try {
                if (!(listener.asked() instanceof InheritedFd)) {
                    listener.adoptFile();
                }
            } catch (IOException e) {
                log.warning("The file of " + listener.bound() + " will be left: " + e.getMessage());
            }
        }
    }

    /** Closes all sockets but these. */
    void retain(Collection<Listener> needed) {
        for (Listener listener : List.copyOf(open)) {
            if (!needed.contains(listener)) {
                open.remove(listener);
                close(listener);
            }
        }
    }

    /** Closes every socket and removes the socket files that are still ours. */
    @Override
    public void close() {
        retain(List.of());
    }

    /** The addresses for the log: {@code http://127.0.0.1:8000,unix:/run/app.sock}. */
    static String shown(List<Listener> listeners) {
        return listeners.stream().map(l -> l.bound().toString()).collect(Collectors.joining(","));
    }

    private Listener openPatiently(BindAddress address, ServerConfig config, Inbox inbox)
            throws StartFailure, InterruptedException {
        if (address instanceof InheritedFd(int descriptor)) {
            Listener listener = SocketActivation.takeNamed(descriptor, config.sockets().backlog());
            open.add(listener);
            return listener;
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return open(address, config);
            } catch (BindFailure e) {
                if (!e.worthARetry()) {
                    throw new StartFailure(1, "Error: " + e.getMessage());
                }
                report(e);
                if (attempt == TRIES) {
                    log.error("Can't connect to " + e.shownAddress());
                    throw new StartFailure(1, unseen(e, config.logging()));
                }
                log.debug("Retrying in 1 second.");
            }
            var stop = inbox.stopWithin(BETWEEN_TRIES);
            if (stop.isPresent()) {
                log.info("Handling signal: " + stop.get().lowerName());
                throw new StartFailure(0);
            }
        }
    }

    private Listener open(BindAddress address, ServerConfig config) throws BindFailure {
        Listener listener = Listener.open(address, config.sockets().backlog(), config.process());
        open.add(listener);
        return listener;
    }

    /** What stderr is to show, because the log is not there. */
    private static String unseen(BindFailure failure, ServerConfig.Logging logging) {
        return LogFile.isFile(logging.errorLog())
                ? "Error: connection to %s failed: %s"
                        .formatted(failure.shownAddress(), failure.getMessage())
                : "";
    }

    private void report(BindFailure failure) {
        if (failure.inUse()) {
            log.error("Connection in use: " + failure.shownAddress());
        }
        if (failure.invalidAddress()) {
            log.error("Invalid address: " + failure.shownAddress());
        }
        log.error("connection to " + failure.shownAddress() + " failed: " + failure.getMessage());
    }

    private void close(Listener listener) {
        try {
            listener.close();
        } catch (IOException e) {
            log.warning("Closing " + listener.bound() + " failed: " + e.getMessage());
        }
    }
}
