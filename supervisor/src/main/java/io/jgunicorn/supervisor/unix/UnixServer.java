package io.jgunicorn.supervisor.unix;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;

/** Listens at Unix stream sockets. Stateless. */
public final class UnixServer {
    private UnixServer() {}

    /** Decides about a connection: adds its handlers, or closes it. On the event loop. */
    @FunctionalInterface
    public interface Door {
        /** A client has connected; a failure closes the connection. */
        void admit(EpollDomainSocketChannel channel) throws IOException;
    }

    /**
     * Begins to listen.
     *
     * @param address a path, or a name after a NUL character in the abstract namespace
     * @param group where the connections live
     */
    public static ChannelFuture bind(EventLoopGroup group, String address, Door door) {
        return new ServerBootstrap()
                .group(group)
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(
                        new ChannelInitializer<EpollDomainSocketChannel>() {
                            @Override
                            protected void initChannel(EpollDomainSocketChannel channel)
                                    throws IOException {
                                door.admit(channel);
                            }
                        })
                .bind(new DomainSocketAddress(address));
    }
}
