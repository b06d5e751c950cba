package io.jgunicorn.supervisor;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.BindAddress.InheritedFd;
import io.jgunicorn.config.BindAddress.Tcp;
import io.jgunicorn.config.BindAddress.UnixSocket;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The master that started this one on USR2 and still runs, told by variables: {@code GUNICORN_PID},
 * as in gunicorn, and {@code JGUNICORN_SOCKETS}: in its first line where the sockets are to be had,
 * then what the configuration called each of them, and which of them are a service manager's.
 * {@code JGUNICORN_WORKERS} says how many workers the load asks for, where it does. {@link
 * Successor} is the other end. Used by the master's thread only.
 */
final class Predecessor {
    static final String PID = "GUNICORN_PID";
    static final String SOCKETS = "JGUNICORN_SOCKETS";
    static final String WORKERS = "JGUNICORN_WORKERS";

    private static final long PATIENCE_SECONDS = 10;

    private final long pid;
    private final Rendezvous place;
    private final List<Known> known;
    private final OptionalInt scaledTo;

    private Predecessor(long pid, Rendezvous place, List<Known> known, OptionalInt scaledTo) {
        this.pid = pid;
        this.place = place;
        this.known = List.copyOf(known);
        this.scaledTo = scaledTo;
    }

    /**
     * What a new master is told, beside what this one knows.
     *
     * @param scaledTo how many workers the load asks for, if it does
     */
    static Map<String, String> variables(
            Rendezvous place, List<Listener> listeners, OptionalInt scaledTo) {
        String sockets =
                Stream.concat(
                                Stream.of(place.toString()),
                                listeners.stream().map(Known::of).map(Known::toString))
                        .collect(Collectors.joining("\n"));
        return Map.of(
                PID,
                Long.toString(ProcessHandle.current().pid()),
                SOCKETS,
                sockets,
                WORKERS,
                scaledTo.isPresent() ? Integer.toString(scaledTo.getAsInt()) : "");
    }

    /**
     * What the other master knows of one of its sockets.
     *
     * @param activated see {@link Listener#activated}
     */
    private record Known(BindAddress asked, boolean activated) {
        private static final String ACTIVATED = "activated ";

        static Known of(Listener listener) {
            return new Known(listener.asked(), listener.activated());
        }

        static Known parse(String line) {
            boolean activated = line.startsWith(ACTIVATED);
            String address = activated ? line.substring(ACTIVATED.length()) : line;
            return new Known(BindAddress.parse(address), activated);
        }

        @Override
        public String toString() {
            return (activated ? ACTIVATED : "") + written(asked);
        }
    }

    /** As {@link BindAddress#parse} reads it. */
    private static String written(BindAddress address) {
        return switch (address) {
            case Tcp(String host, int port) ->
                    (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
            case UnixSocket(var path) -> "unix:" + path;
            case InheritedFd(int descriptor) -> "fd://" + descriptor;
        };
    }

    /** The one there is, if this process was started by it. */
    static Optional<Predecessor> from(Map<String, String> environment) {
        String pid = environment.getOrDefault(PID, "");
        String sockets = environment.getOrDefault(SOCKETS, "");
        if (!pid.matches("[0-9]{1,9}")
                || sockets.isEmpty()
                || !Rendezvous.isParent(Long.parseLong(pid))) {
            return Optional.empty();
        }
        List<String> lines = Arrays.asList(sockets.split("\n", -1));
        return Optional.of(
                new Predecessor(
                        Long.parseLong(pid),
                        Rendezvous.parse(lines.getFirst()),
                        lines.stream().skip(1).map(Known::parse).toList(),
                        number(environment.getOrDefault(WORKERS, ""))));
    }

    private static OptionalInt number(String text) {
        return text.matches("[0-9]{1,6}")
                ? OptionalInt.of(Integer.parseInt(text))
                : OptionalInt.empty();
    }

    /** How many workers the load asked for when this master was started, if it did. */
    OptionalInt scaledTo() {
        return scaledTo;
    }

    long pid() {
        return pid;
    }

    /** True once it has ended: this process has another parent then. */
    boolean gone() {
        return !Rendezvous.isParent(pid);
    }

    /**
     * Fetches the listening sockets.
     *
     * @param backlog for a socket that does not listen yet
     * @throws StartFailure if they cannot be had
     */
    List<Listener> sockets(int backlog) throws StartFailure {
        List<Integer> descriptors = fetch();
        List<Listener> listeners = new ArrayList<>();
        for (int i = 0; i < descriptors.size(); i++) {
            Listener listener = SocketActivation.take(descriptors.get(i), backlog);
            listeners.add(listener.knownAs(known.get(i).asked(), known.get(i).activated()));
        }
        return List.copyOf(listeners);
    }

    private List<Integer> fetch() throws StartFailure {
        EventLoopGroup group = ControlServer.newLoop("upgrade");
        CompletableFuture<List<Integer>> received = new CompletableFuture<>();
        try {
            new Bootstrap()
                    .group(group)
                    .channel(EpollDomainSocketChannel.class)
                    .option(
                            EpollChannelOption.DOMAIN_SOCKET_READ_MODE,
                            DomainSocketReadMode.FILE_DESCRIPTORS)
                    .handler(
                            new ChannelInitializer<EpollDomainSocketChannel>() {
                                @Override
                                protected void initChannel(EpollDomainSocketChannel channel) {
                                    channel.pipeline().addLast(new Receiver(received));
                                }
                            })
                    .connect(new DomainSocketAddress(place.address()))
                    .addListener(
                            connected -> {
                                if (!connected.isSuccess()) {
                                    received.completeExceptionally(connected.cause());
                                }
                            });
            return received.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new StartFailure(
                    1,
                    "Error: the sockets of the running master (pid:%d) cannot be had: %s"
                            .formatted(pid, e.getCause()));
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private final class Receiver extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<List<Integer>> received;
        private final List<Integer> descriptors = new ArrayList<>();

        Receiver(CompletableFuture<List<Integer>> received) {
            this.received = received;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) throws IOException {
            long peer = ((EpollDomainSocketChannel) context.channel()).peerCredentials().pid();
            if (peer != pid) {
                received.completeExceptionally(
                        new IOException("process " + peer + " listens there"));
                context.close();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            descriptors.add(((FileDescriptor) message).intValue());
            if (descriptors.size() == known.size()) {
                received.complete(List.copyOf(descriptors));
                context.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            received.completeExceptionally(new IOException("it gave " + descriptors.size()));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            received.completeExceptionally(failure);
            context.close();
        }
    }
}
