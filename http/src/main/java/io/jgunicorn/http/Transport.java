package io.jgunicorn.http;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Drives sockets by epoll. Owns the one event loop, thread {@code jgunicorn-http-loop}: Python is
 * the bottleneck of a worker, and one loop needs no locks. Safe on any thread.
 */
public final class Transport implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup group;

    private Transport(MultiThreadIoEventLoopGroup group) {
        this.group = group;
    }

    /**
     * Starts the event loop.
     *
     * @throws UnsatisfiedLinkError without Netty's native library for this system
     */
    public static Transport open() {
        ThreadFactory threads = task -> new FastThreadLocalThread(task, "jgunicorn-http-loop");
        return new Transport(
                new MultiThreadIoEventLoopGroup(1, threads, EpollIoHandler.newFactory()));
    }

    IoEventLoop loop() {
        return group.next();
    }

    /** Stops the event loop; waits for at most five seconds. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
