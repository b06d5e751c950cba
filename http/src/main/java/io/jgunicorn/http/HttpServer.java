package io.jgunicorn.http;

import io.jgunicorn.config.BindAddress;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Accepts connections on listening sockets and hands their requests to a {@link RequestHandler}.
 * Public methods may be called on any thread but the event loop; state belongs to the event loop.
 *
 * <p>Order of calls: {@link #listen} for each socket, {@link #serve}, then {@link #drain} or {@link
 * #closeNow}.
 */
public final class HttpServer implements AutoCloseable {
    private static final long CHECK_MILLIS = 500;
    private static final long ACCEPT_PAUSE_MILLIS = 100;
    private static final WriteBufferWaterMark WRITE_MARKS =
            new WriteBufferWaterMark(32 * 1024, OutboundQuota.HIGH_WATER);

    private final IoEventLoop loop;
    private final ServerContext context;
    private final ConnectionRegistry registry;
    private final Neighbours neighbours;
    private final ScheduledFuture<?> timeChecks;

    // Event loop only.
    private final List<Acceptor> acceptors = new ArrayList<>();
    private boolean serving;
    private boolean resting;
    private boolean exhausted;
    private boolean saturated;

    /**
     * @param transport stays the caller's to close, after this server
     */
    public HttpServer(
            HttpServerConfig config,
            RequestHandler handler,
            Transport transport,
            Neighbours neighbours) {
        this(config, handler, transport, neighbours, ServerClock.system());
    }

    HttpServer(
            HttpServerConfig config,
            RequestHandler handler,
            Transport transport,
            Neighbours neighbours,
            ServerClock clock) {
        this.loop = transport.loop();
        this.neighbours = neighbours;
        this.registry = new ConnectionRegistry(config.maxConnections(), this::updateAccepting);
        this.context = ServerContext.of(config, handler, clock, registry);
        this.timeChecks =
                loop.scheduleWithFixedDelay(
                        this::checkTimes, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Ends connections whose time is up, and shares out the others; on the event loop, now and
     * then.
     */
    void checkTimes() {
        registry.checkTimes(context.clock().nanoTime());
        registry.shareOut(neighbours);
    }

    /**
     * Adopts a descriptor that is already listening; nothing is accepted before {@link #serve}.
     *
     * @param address what the descriptor is bound to; its kind decides how it is used
     * @return the address, with the real port
     * @throws UncheckedIOException if the descriptor is no socket
     */
    public BindAddress listen(int descriptor, BindAddress address) {
        BindAddress known =
                address instanceof BindAddress.InheritedFd
                        ? InheritedSocket.addressOf(descriptor)
                        : address;
        String unixPath =
                known instanceof BindAddress.UnixSocket(java.nio.file.Path path)
                        ? path.toString()
                        : "";
        Acceptor acceptor;
        try {
            acceptor =
                    new Acceptor(
                            descriptor,
                            known instanceof BindAddress.UnixSocket,
                            loop,
                            new Courtesy(neighbours, this::lastingConnections, System::nanoTime),
                            new Arrivals(unixPath));
        } catch (ChannelException e) {
            throw new UncheckedIOException(
                    "Can't listen at " + address, new IOException(e.getMessage(), e));
        }
        acceptor.register();
        onLoop(
                () -> {
                    acceptors.add(acceptor);
                    updateAccepting();
                });
        return known instanceof BindAddress.Tcp(String host, int _)
                ? new BindAddress.Tcp(host, acceptor.localAddress().getPort())
                : known;
    }

    /** Starts accepting. */
    public void serve() {
        onLoop(
                () -> {
                    serving = true;
                    updateAccepting();
                });
    }

    /**
     * Stops accepting by closing this process's listening sockets: connections not yet accepted are
     * left to the other processes. Responses from now on end their connections; idle connections
     * stay for at most one second, so that a request already on its way is still answered.
     *
     * @return done when the last connection has closed; never fails
     */
    public CompletableFuture<Void> drain() {
        loop.execute(
                () -> {
                    closeListeners();
                    registry.drain();
                });
        return registry.drained();
    }

    /** Closes listening sockets and connections, whatever they are doing. */
    public void closeNow() {
        onLoop(
                () -> {
                    closeListeners();
                    registry.closeAll();
                    registry.drain();
                    timeChecks.cancel(false);
                });
    }

    @Override
    public void close() {
        closeNow();
    }

    /**
     * While true, new connections are left to other processes on the same sockets: the application
     * has no thread free. Any thread.
     */
    public void setSaturated(boolean saturated) {
        execute(
                () -> {
                    this.saturated = saturated;
                    updateAccepting();
                });
    }

    /** Runs a task on the event loop. Any thread. */
    public void execute(Runnable task) {
        loop.execute(task);
    }

    /** Connections open now. */
    public int openConnections() {
        return registry.open();
    }

    private void onLoop(Runnable task) {
        loop.submit(task).syncUninterruptibly();
    }

    private void closeListeners() {
        serving = false;
        updateAccepting();
        acceptors.forEach(Acceptor::close);
        acceptors.clear();
    }

    /** Event loop: accepts exactly while serving, not full, and not resting after a failure. */
    private void updateAccepting() {
        boolean accept = serving && !resting && !saturated && !registry.isFull();
        if (accept) {
            neighbours.publish(registry.open());
        } else {
            neighbours.withdraw();
        }
        for (Acceptor acceptor : acceptors) {
            acceptor.setAccepting(accept);
        }
    }

    /** Open connections but for those that will have closed before anybody has waited for them. */
    int lastingConnections() {
        long patience = TimeUnit.NANOSECONDS.toMillis(Courtesy.PATIENCE_NANOS);
        return Math.max(
                0, registry.open() - (int) (registry.closedLately() * patience / CHECK_MILLIS));
    }

    /** The connections that one listening socket brings. */
    private final class Arrivals implements Acceptor.Target {
        private final String unixPath;

        /**
         * @param unixPath path of the listening Unix socket; empty for TCP
         */
        Arrivals(String unixPath) {
            this.unixPath = unixPath;
        }

        @Override
        public void accepted(Channel channel) {
            ChannelConfig config = channel.config();
            config.setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS);
            config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            if (unixPath.isEmpty()) {
                config.setOption(ChannelOption.TCP_NODELAY, true);
            }
            HeadScanner scanner =
                    new HeadScanner(context.limits(), context.forwarded().dropsUnderscores());
            RequestDecoder decoder = new RequestDecoder(context.decoderConfig(), scanner);
            if (context.proxyProtocol().takeAny()) {
                channel.pipeline().addLast(new ProxyHeader(context.proxyProtocol()));
            }
            channel.pipeline().addLast(decoder, new Http1Connection(context, decoder, unixPath));
            channel.unsafe().register(loop, channel.newPromise());
            exhausted = false;
        }

        /** Rests for 100 ms; says so once until a connection is accepted again. */
        @Override
        public void exhausted(Throwable failure) {
            if (!exhausted) {
                exhausted = true;
                context.notices().warning("Can't accept connections: " + failure.getMessage());
            }
            if (resting) {
                return;
            }
            resting = true;
            updateAccepting();
            loop.schedule(
                    () -> {
                        resting = false;
                        updateAccepting();
                    },
                    ACCEPT_PAUSE_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }
}
