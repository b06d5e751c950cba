package io.jgunicorn.supervisor;

import io.jgunicorn.control.ControlCodec;
import io.jgunicorn.control.ControlMessage;
import io.jgunicorn.control.ControlMessage.ListenersReceived;
import io.jgunicorn.control.ControlMessage.ToMaster;
import io.jgunicorn.control.ControlMessage.ToWorker;
import io.jgunicorn.supervisor.ControlServer.Briefing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.unix.FileDescriptor;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The link to one worker: hands over the listening descriptors and the connection board, then the
 * configuration, then passes messages both ways. Everything but {@link #send} and {@link #gone}
 * runs on the thread "control".
 */
final class ControlLink extends SimpleChannelInboundHandler<ByteBuf> {
    private final long pid;
    private final Channel channel;
    private final Briefing briefing;
    private final Optional<Integer> board;
    private final Consumer<Event> events;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    /**
     * @param board descriptor of the {@link io.jgunicorn.control.ConnectionBoard}
     */
    ControlLink(
            long pid,
            Channel channel,
            Briefing briefing,
            Optional<Integer> board,
            Consumer<Event> events) {
        this.pid = pid;
        this.channel = channel;
        this.briefing = briefing;
        this.board = board;
        this.events = events;
    }

    /** Sends a message; if the link is gone, nobody is there to miss it. */
    void send(ToWorker message) {
        channel.writeAndFlush(
                Unpooled.wrappedBuffer(ControlCodec.encode(message)), channel.voidPromise());
    }

    /** Complete when the link is gone and its last message and its end have been posted. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        for (Listener listener : briefing.listeners()) {
            context.write(listener.descriptor());
        }
        board.ifPresent(descriptor -> context.write(new FileDescriptor(descriptor)));
        context.flush();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
        ControlMessage message = ControlCodec.decode(ByteBufUtil.getBytes(frame));
        if (!(message instanceof ToMaster toMaster)) {
            throw new IllegalArgumentException("control message in the wrong direction");
        }
        if (toMaster instanceof ListenersReceived) {
            send(briefing.configure());
        }
        events.accept(new Event.MessageFrom(pid, toMaster));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        events.accept(new Event.LinkClosed(pid));
        gone.complete(null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (!(failure instanceof IOException)) { // a reset only means that the worker is gone
            boolean wrapped = failure instanceof DecoderException && failure.getCause() != null;
            Throwable cause = wrapped ? failure.getCause() : failure;
            events.accept(new Event.LinkBroken(pid, String.valueOf(cause.getMessage())));
        }
        context.close();
    }
}
