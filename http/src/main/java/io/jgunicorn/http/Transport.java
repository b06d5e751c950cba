package io.jgunicorn.http;

import io.jgunicorn.config.BindAddress;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * How sockets are driven: epoll where there is a native library for it, else NIO. Owns the one
 * event loop, thread {@code jgunicorn-http-loop}: Python is the bottleneck of a worker, and one
 * loop needs no locks. Safe on any thread.
 */
public final class Transport implements AutoCloseable {
    private final boolean epoll;
    private final MultiThreadIoEventLoopGroup group;

    private Transport(boolean epoll, IoHandlerFactory factory) {
        this.epoll = epoll;
        ThreadFactory threads = task -> new FastThreadLocalThread(task, "jgunicorn-http-loop");
        this.group = new MultiThreadIoEventLoopGroup(1, threads, factory);
    }

    /** Epoll if available, else NIO. */
    public static Transport best() {
        return Epoll.isAvailable() ? new Transport(true, EpollIoHandler.newFactory()) : nio();
    }

    /** NIO: cannot adopt inherited descriptors. */
    public static Transport nio() {
        return new Transport(false, NioIoHandler.newFactory());
    }

    /** True for epoll, without which {@link HttpServer#listen} is not possible. */
    public boolean adoptsDescriptors() {
        return epoll;
    }

    MultiThreadIoEventLoopGroup group() {
        return group;
    }

    EventLoop loop() {
        return group.next();
    }

    ServerChannel adopt(int descriptor, boolean unix) {
        if (!epoll) {
            throw new UnsupportedOperationException(
                    "descriptor " + descriptor + " cannot be adopted without epoll");
        }
        return unix
                ? new EpollServerDomainSocketChannel(descriptor)
                : new EpollServerSocketChannel(descriptor);
    }

    ServerChannel create(BindAddress address) {
        return switch (address) {
            case BindAddress.Tcp _ ->
                    epoll ? new EpollServerSocketChannel() : new NioServerSocketChannel();
            case BindAddress.UnixSocket _ ->
                    epoll
                            ? new EpollServerDomainSocketChannel()
                            : new NioServerDomainSocketChannel();
            case BindAddress.InheritedFd(int fd) ->
                    throw new IllegalArgumentException("fd://" + fd + " is bound already");
        };
    }

    SocketAddress socketAddress(BindAddress address) {
        return switch (address) {
            case BindAddress.Tcp(String host, int port) ->
                    new InetSocketAddress(host.isEmpty() ? "0.0.0.0" : host, port);
            case BindAddress.UnixSocket(java.nio.file.Path path) ->
                    epoll
                            ? new DomainSocketAddress(path.toString())
                            : UnixDomainSocketAddress.of(path);
            case BindAddress.InheritedFd(int fd) ->
                    throw new IllegalArgumentException("fd://" + fd + " is bound already");
        };
    }

    /** Stops the event loop; waits for at most five seconds. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
