package io.jgunicorn.supervisor.ctl;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.os.LibC;
import io.jgunicorn.supervisor.unix.UnixServer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Listens for operators at a Unix socket. Only root and the user of this process are heard, however
 * the file's permissions are changed. Connections live on the event loop given; the methods belong
 * to the thread that opened the socket.
 */
public final class CtlSocket implements AutoCloseable {
    private static final int LENGTH_BYTES = 4;
    private static final int IDLE_SECONDS = 300;

    /** Bytes; gunicorn takes 16 MiB, and no command needs them. */
    private static final int LONGEST_REQUEST = 64 * 1024;

    private static final int ALL_PERMISSIONS = 0777;

    private final Path path;
    private final Channel channel;
    private final Object identity;

    private CtlSocket(Path path, Channel channel, Object identity) {
        this.path = path;
        this.channel = channel;
        this.identity = identity;
    }

    /**
     * Makes the socket file, and its folder for this user only; an older file is replaced.
     *
     * @param mode permissions of the file
     * @param calls gets what operators ask, on the event loop
     */
    public static CtlSocket open(
            Path path, int mode, EventLoopGroup group, ErrorLog log, Consumer<CtlCall> calls)
            throws IOException {
        if (path.getParent() != null && !Files.isDirectory(path.getParent())) {
            Files.createDirectories(
                    path.getParent(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !isSocket(path)) {
            throw new IOException("'" + path + "' is not a socket");
        }
        // Under another name first: Netty removes the file it has bound when the socket is closed,
        // whoever may have that name by then.
        Path bound = path.resolveSibling(".ctl." + ProcessHandle.current().pid());
        Files.deleteIfExists(bound);
        int before = LibC.umask(ALL_PERMISSIONS & ~mode);
        try {
            var binding =
                    UnixServer.bind(group, bound.toString(), channel -> admit(channel, log, calls))
                            .await();
            if (!binding.isSuccess()) {
                throw new IOException(binding.cause().getMessage(), binding.cause());
            }
            return named(path, bound, binding.channel());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            LibC.umask(before);
        }
    }

    private static CtlSocket named(Path path, Path bound, Channel channel) throws IOException {
        try {
            Object identity = identity(bound); // a rename keeps it
            Files.move(
                    bound,
                    path,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return new CtlSocket(path, channel, identity);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Root, and the user of this process. */
    static boolean isHeard(int uid, int own) {
        return uid == 0 || uid == own;
    }

    /** Closes the socket and removes its file, if it is still ours. */
    @Override
    public void close() throws IOException {
        channel.close().awaitUninterruptibly();
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && identity(path).equals(identity)) {
            Files.deleteIfExists(path);
        }
    }

    private static boolean isSocket(Path path) throws IOException {
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (mode & 0170000) == 0140000; // S_IFMT, S_IFSOCK
    }

    private static Object identity(Path path) throws IOException {
        return Files.readAttributes(path, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
    }

    private static void admit(
            EpollDomainSocketChannel channel, ErrorLog log, Consumer<CtlCall> calls)
            throws IOException {
        PeerCredentials peer = channel.peerCredentials();
        if (!isHeard(peer.uid(), LibC.geteuid())) {
            log.warning(
                    "Refused a connection to the control socket (pid:%d, uid:%d)"
                            .formatted(peer.pid(), peer.uid()));
            channel.close();
            return;
        }
        channel.pipeline()
                .addLast(
                        new LengthFieldBasedFrameDecoder(
                                LONGEST_REQUEST + LENGTH_BYTES, 0, LENGTH_BYTES, 0, LENGTH_BYTES),
                        new LengthFieldPrepender(LENGTH_BYTES),
                        new IdleStateHandler(0, 0, IDLE_SECONDS),
                        new Conversation(calls));
    }

    /** One connection: request after request. */
    private static final class Conversation extends SimpleChannelInboundHandler<ByteBuf> {
        private final Consumer<CtlCall> calls;

        Conversation(Consumer<CtlCall> calls) {
            this.calls = calls;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
            try {
                CtlMessages.Request request =
                        CtlMessages.request(frame.toString(StandardCharsets.UTF_8));
                calls.accept(
                        new CtlCall(request.words(), reply -> send(context, request.id(), reply)));
            } catch (IllegalArgumentException e) {
                send(
                        context,
                        JsonNull.INSTANCE,
                        Map.of("status", "error", "error", "Invalid request: " + e.getMessage()));
            }
        }

        private static void send(
                ChannelHandlerContext context, JsonElement id, Map<String, Object> members) {
            byte[] bytes = CtlMessages.reply(id, members).getBytes(StandardCharsets.UTF_8);
            context.writeAndFlush(Unpooled.wrappedBuffer(bytes), context.voidPromise());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof IdleStateEvent) {
                context.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            context.close(); // a client that is gone, or sends what is no frame
        }
    }
}
