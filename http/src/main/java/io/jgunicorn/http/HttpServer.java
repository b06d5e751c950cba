package io.jgunicorn.http;

import io.jgunicorn.config.BindAddress;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Accepts connections on listening sockets and hands their requests to a {@link RequestHandler}.
 * Public methods may be called on any thread but the event loop; state belongs to the event loop.
 *
 * <p>Order of calls: {@link #listen} or {@link #bind} for each address, {@link #serve}, then {@link
 * #drain} or {@link #closeNow}. One connection is accepted per wake-up, so that busy workers leave
 * new ones to idle workers on the same socket.
 *
 * <p>Known limit: Python's only readiness call here is {@code select}, which wants descriptors
 * below 1024, so client sockets should live above that. Netty's accepting channels are final and
 * choose no descriptor; it takes an own subclass of {@code AbstractEpollServerChannel} and {@code
 * fcntl(F_DUPFD)} in {@code LibC}. Until then {@code worker_connections} near 1000 can push an
 * application's own descriptors above the limit.
 */
public final class HttpServer implements AutoCloseable {
    private static final int BACKLOG = 2048;
    private static final long CHECK_MILLIS = 500;
    private static final long ACCEPT_PAUSE_MILLIS = 100;

    private final Transport transport;
    private final ServerContext context;
    private final ConnectionRegistry registry;
    private final ScheduledFuture<?> timeChecks;

    // Event loop only.
    private final List<Channel> listeners = new ArrayList<>();
    private boolean serving;
    private boolean resting;
    private boolean saturated;

    /**
     * @param transport stays the caller's to close, after this server
     */
    public HttpServer(HttpServerConfig config, RequestHandler handler, Transport transport) {
        this(config, handler, transport, ServerClock.system());
    }

    HttpServer(
            HttpServerConfig config,
            RequestHandler handler,
            Transport transport,
            ServerClock clock) {
        this.transport = transport;
        this.registry = new ConnectionRegistry(config.maxConnections(), this::updateAccepting);
        this.context = ServerContext.of(config, handler, clock, registry);
        this.timeChecks =
                transport
                        .loop()
                        .scheduleAtFixedRate(
                                () -> registry.checkTimes(clock.nanoTime()),
                                CHECK_MILLIS,
                                CHECK_MILLIS,
                                TimeUnit.MILLISECONDS);
    }

    /**
     * Adopts a descriptor that is already listening; nothing is accepted before {@link #serve}.
     *
     * @param address what the descriptor is bound to; its kind decides how it is used
     * @return the address, with the real port
     * @throws UnsupportedOperationException without epoll
     * @throws UncheckedIOException if the descriptor is no listening socket
     */
    public BindAddress listen(int descriptor, BindAddress address) {
        BindAddress known =
                address instanceof BindAddress.InheritedFd
                        ? InheritedSocket.addressOf(descriptor)
                        : address;
        boolean unix = known instanceof BindAddress.UnixSocket;
        ServerChannel channel = transport.adopt(descriptor, unix);
        return added(bootstrap(channel, known).register(), known);
    }

    /**
     * Binds and listens itself, for systems without epoll and for tests; nothing is accepted before
     * {@link #serve}, but the kernel queues connections.
     *
     * @param reusePort {@code SO_REUSEPORT}: several processes may bind the same TCP address
     * @return the address, with the real port
     * @throws UncheckedIOException if the address cannot be bound
     */
    public BindAddress bind(BindAddress address, boolean reusePort) {
        ServerBootstrap bootstrap = bootstrap(transport.create(address), address);
        bootstrap.option(ChannelOption.SO_BACKLOG, BACKLOG);
        if (reusePort && address instanceof BindAddress.Tcp) {
            if (transport.adoptsDescriptors()) {
                bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
            } else {
                bootstrap.option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
            }
        }
        return added(bootstrap.bind(transport.socketAddress(address)), address);
    }

    private ServerBootstrap bootstrap(ServerChannel channel, BindAddress address) {
        String unixPath =
                address instanceof BindAddress.UnixSocket(java.nio.file.Path path)
                        ? path.toString()
                        : "";
        boolean tcp = unixPath.isEmpty();
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(transport.group())
                        .channelFactory(() -> channel)
                        .option(ChannelOption.AUTO_READ, false)
                        .option(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new ServerChannelRecvByteBufAllocator())
                        .handler(new AcceptFailures())
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(32 * 1024, OutboundQuota.HIGH_WATER))
                        .childHandler(new Connect(unixPath));
        if (tcp || transport.adoptsDescriptors()) {
            bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        if (tcp) {
            bootstrap.childOption(ChannelOption.TCP_NODELAY, true);
        }
        return bootstrap;
    }

    private BindAddress added(ChannelFuture registration, BindAddress address) {
        Channel channel = registration.awaitUninterruptibly().channel();
        if (!registration.isSuccess()) {
            throw new UncheckedIOException(
                    new IOException("Can't listen at " + address, registration.cause()));
        }
        transport
                .loop()
                .submit(
                        () -> {
                            listeners.add(channel);
                            updateAccepting();
                        })
                .syncUninterruptibly();
        if (address instanceof BindAddress.Tcp(String host, int _)
                && channel.localAddress() instanceof InetSocketAddress local) {
            return new BindAddress.Tcp(host, local.getPort());
        }
        return address;
    }

    /** Starts accepting. */
    public void serve() {
        transport
                .loop()
                .submit(
                        () -> {
                            serving = true;
                            updateAccepting();
                        })
                .syncUninterruptibly();
    }

    /**
     * Stops accepting by closing this process's listening sockets: connections not yet accepted are
     * left to the other processes. Responses from now on end their connections; idle connections
     * stay for at most one second, so that a request already on its way is still answered.
     *
     * @return done when the last connection has closed; never fails
     */
    public CompletableFuture<Void> drain() {
        transport
                .loop()
                .execute(
                        () -> {
                            closeListeners();
                            registry.drain();
                        });
        return registry.drained();
    }

    /** Closes listening sockets and connections, whatever they are doing. */
    public void closeNow() {
        transport
                .loop()
                .submit(
                        () -> {
                            closeListeners();
                            registry.closeAll();
                            registry.drain();
                            timeChecks.cancel(false);
                        })
                .syncUninterruptibly();
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
        transport.loop().execute(task);
    }

    /** Connections open now. */
    public int openConnections() {
        return registry.open();
    }

    private void closeListeners() {
        serving = false;
        listeners.forEach(Channel::close);
        listeners.clear();
    }

    /** Event loop: accepts exactly while serving, not full, and not resting after a failure. */
    private void updateAccepting() {
        boolean accept = serving && !resting && !saturated && !registry.isFull();
        for (Channel listener : listeners) {
            listener.config().setAutoRead(accept);
        }
    }

    /** Builds the pipeline of an accepted connection. */
    private final class Connect extends ChannelInitializer<Channel> {
        private final String unixPath;

        Connect(String unixPath) {
            this.unixPath = unixPath;
        }

        @Override
        protected void initChannel(Channel channel) {
            HeadScanner scanner =
                    new HeadScanner(context.limits(), context.forwarded().dropsUnderscores());
            RequestDecoder decoder = new RequestDecoder(context.decoderConfig(), scanner);
            channel.pipeline().addLast(decoder, new Http1Connection(context, decoder, unixPath));
        }
    }

    /** Rests for 100 ms when no connection can be accepted, for example without descriptors. */
    private final class AcceptFailures extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            context.notices().warning("Can't accept a connection: " + cause.getMessage());
            resting = true;
            updateAccepting();
            ctx.executor()
                    .schedule(
                            () -> {
                                resting = false;
                                updateAccepting();
                            },
                            ACCEPT_PAUSE_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }
}
