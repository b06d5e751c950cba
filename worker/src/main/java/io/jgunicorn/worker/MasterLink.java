package io.jgunicorn.worker;

import io.jgunicorn.control.ControlCodec;
import io.jgunicorn.control.ControlMessage;
import io.jgunicorn.log.LogFile;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.util.ArrayList;
import java.util.List;

/**
 * The worker's end of the link to the master: first the listening descriptors and the one of the
 * {@link io.jgunicorn.control.ConnectionBoard}, then frames of {@link ControlCodec}. Everything
 * here runs on the event loop, except {@link #send}, which any thread may call. When the link
 * closes the master is gone, and the worker learns it at once.
 */
final class MasterLink {
    private final EventLoopGroup eventLoop;
    private final long masterPid;
    private final int expectedDescriptors;
    private final Worker worker;

    MasterLink(EventLoopGroup eventLoop, long masterPid, int expectedDescriptors, Worker worker) {
        this.eventLoop = eventLoop;
        this.masterPid = masterPid;
        this.expectedDescriptors = expectedDescriptors;
        this.worker = worker;
    }

    /**
     * Connects; a master that cannot be reached ends the process.
     *
     * @param address path of the socket, or {@code @NAME} in Linux's abstract namespace
     */
    void connect(String address) {
        new Bootstrap()
                .group(eventLoop)
                .channel(EpollDomainSocketChannel.class)
                .option(
                        EpollChannelOption.DOMAIN_SOCKET_READ_MODE,
                        DomainSocketReadMode.FILE_DESCRIPTORS)
                .handler(
                        new ChannelInitializer<EpollDomainSocketChannel>() {
                            @Override
                            protected void initChannel(EpollDomainSocketChannel channel) {
                                channel.pipeline().addLast(new DescriptorReceiver());
                            }
                        })
                .connect(
                        new DomainSocketAddress(
                                address.startsWith("@") ? "\0" + address.substring(1) : address))
                .addListener(
                        future -> {
                            if (!future.isSuccess()) {
                                LogFile.stderr()
                                        .write(
                                                "jgunicorn worker: can't reach the master at "
                                                        + address
                                                        + ": "
                                                        + future.cause().getMessage()
                                                        + "\n");
                                worker.masterGone();
                            }
                        });
    }

    private static void send(Channel channel, ControlMessage.ToMaster message) {
        byte[] payload = ControlCodec.encode(message);
        ByteBuf frame = channel.alloc().buffer(ControlCodec.LENGTH_BYTES + payload.length);
        frame.writeInt(payload.length).writeBytes(payload);
        channel.writeAndFlush(frame, channel.voidPromise());
    }

    /** First stage: collects the descriptors, then turns the channel over to frames. */
    private final class DescriptorReceiver extends ChannelInboundHandlerAdapter {
        private final List<Integer> descriptors = new ArrayList<>();

        @Override
        public void channelActive(ChannelHandlerContext context) throws Exception {
            EpollDomainSocketChannel channel = (EpollDomainSocketChannel) context.channel();
            if (channel.peerCredentials().pid() != masterPid) {
                context.close(); // not the master: channelInactive ends this process
            } else if (expectedDescriptors == 0) {
                switchToFrames(context);
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            descriptors.add(((FileDescriptor) message).intValue());
            if (descriptors.size() == expectedDescriptors) {
                switchToFrames(context);
            }
        }

        private void switchToFrames(ChannelHandlerContext context) {
            EpollDomainSocketChannel channel = (EpollDomainSocketChannel) context.channel();
            channel.config().setReadMode(DomainSocketReadMode.BYTES);
            channel.pipeline()
                    .addLast(
                            new LengthFieldBasedFrameDecoder(
                                    ControlCodec.MAX_PAYLOAD,
                                    0,
                                    ControlCodec.LENGTH_BYTES,
                                    0,
                                    ControlCodec.LENGTH_BYTES),
                            new FrameReceiver(List.copyOf(descriptors)));
            channel.pipeline().remove(this);
            worker.linked(message -> send(channel, message));
            send(channel, new ControlMessage.ListenersReceived());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            worker.masterGone();
        }
    }

    /** Second stage: orders from the master. */
    private final class FrameReceiver extends ChannelInboundHandlerAdapter {
        private final List<Integer> descriptors;

        FrameReceiver(List<Integer> descriptors) {
            this.descriptors = descriptors;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf frame = (ByteBuf) message;
            byte[] payload = new byte[frame.readableBytes()];
            frame.readBytes(payload);
            frame.release();
            switch (ControlCodec.decode(payload)) {
                case ControlMessage.Configure configure -> worker.configure(configure, descriptors);
                case ControlMessage.LoadApp _ -> worker.loadApp();
                case ControlMessage.Serve _ -> worker.serve();
                case ControlMessage.Drain _ -> worker.drain();
                case ControlMessage.Quit _ -> worker.quit();
                case ControlMessage.ReopenLogs _ -> worker.reopenLogs();
                case ControlMessage.SetLogLevel(var level) -> worker.setLogLevel(level);
                case ControlMessage.TellStacks(long question) -> worker.tellStacks(question);
                case ControlMessage.ToMaster unexpected ->
                        throw new IllegalArgumentException(
                                "the master sent a worker's message: " + unexpected);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            worker.masterGone();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            worker.linkFailed(cause);
            context.close();
        }
    }
}
