package io.jgunicorn.bench.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;

/**
 * A bare Netty server: epoll, one event loop thread, Netty's own HTTP codec, and the bytes that
 * jgunicorn answers for the hello application. Prints where it listens and serves until killed.
 */
public final class BareServer {
    private static final int BACKLOG = 2048;

    private BareServer() {}

    public static void main(String[] args) {
        MultiThreadIoEventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Channel listener =
                new ServerBootstrap()
                        .group(group)
                        .channel(EpollServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast(new HttpServerCodec(), new HelloHandler());
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .syncUninterruptibly()
                        .channel();
        int port = ((InetSocketAddress) listener.localAddress()).getPort();
        System.out.println("Listening at: http://127.0.0.1:" + port);
        listener.closeFuture().syncUninterruptibly();
        group.shutdownGracefully().syncUninterruptibly();
    }
}
