package io.jgunicorn.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;

/**
 * The sending half of a connection. Methods that name an exchange may be called on any thread; each
 * makes one hop to the event loop, where only the connection's current exchange is listened to.
 * Everything else is for the event loop.
 */
final class Outbound {
    /**
     * Larger complete bodies are copied to direct memory piece by piece as the client takes them.
     */
    private static final int SEND_AT_ONCE = 256 * 1024;

    private static final int PUMPED_PIECE = 64 * 1024;

    /** The kernel takes as much of a response even if its client reads nothing. */
    private static final int NEVER_WAITS = 16 * 1024;

    private final Channel channel;
    private final ServerContext server;
    private final Http1Connection owner;
    private volatile boolean gone;

    // Event loop only.
    private Pump pump;

    /** Files on their way to the client. */
    private int files;

    /** Has said everything, and waits for its files to go out; or null. */
    private Http1Exchange finishing;

    private long lastProgress;
    private long lastProgressNanos;

    Outbound(Channel channel, ServerContext server, Http1Connection owner) {
        this.channel = channel;
        this.server = server;
        this.owner = owner;
    }

    boolean isGone() {
        return gone || !channel.isActive();
    }

    HttpNotices notices() {
        return server.notices();
    }

    byte[] dateLine() {
        return server.clock().dateLine();
    }

    /** Whether the response that is being built may leave its connection open. */
    boolean keepsAlive(boolean wanted) {
        boolean keeps = wanted && !server.keepAlive().isZero() && !server.registry().wantsClose();
        if (!keeps) {
            owner.willLeave();
        }
        return keeps;
    }

    ByteBuf buffer(int capacity) {
        return channel.alloc().directBuffer(capacity);
    }

    /** A piece of a response. */
    void send(Http1Exchange exchange, ByteBuf piece, OutboundQuota quota) {
        int size = piece.readableBytes();
        quota.add(size);
        hop(piece, () -> sendNow(exchange, piece, size, quota));
    }

    /** A part of a file, sent by the kernel: it needs no memory, so nobody waits for it. */
    void sendRegion(Http1Exchange exchange, FileRegion region) {
        hop(region, () -> sendRegionNow(exchange, region));
    }

    private void sendRegionNow(Http1Exchange exchange, FileRegion region) {
        if (!owner.isCurrent(exchange)) {
            region.release();
            return;
        }
        files++;
        channel.writeAndFlush(region)
                .addListener(
                        result -> {
                            files--;
                            if (!result.isSuccess()) {
                                exchange.notSent(region.count() - region.transferred());
                                notices().debug("Ignoring failed write: " + result.cause());
                                channel.close();
                            }
                        });
    }

    private void sendNow(Http1Exchange exchange, ByteBuf piece, int weight, OutboundQuota quota) {
        if (!owner.isCurrent(exchange)) {
            piece.release();
            quota.release(weight);
            return;
        }
        channel.writeAndFlush(piece)
                .addListener(
                        result -> {
                            quota.release(weight);
                            if (!result.isSuccess()) {
                                notices().debug("Ignoring failed write: " + result.cause());
                                channel.close();
                            }
                        });
    }

    /** The last bytes of a response. */
    void sendLast(Http1Exchange exchange, ByteBuf last, boolean keepAlive) {
        hop(last, () -> sendLastNow(exchange, last, keepAlive, 0));
    }

    /**
     * A whole response; {@code content} is not copied if it is large, and must not change. If too
     * much waits in memory already, it goes to disk first, on the calling thread.
     *
     * @param quota the exchange's
     */
    void sendWhole(
            Http1Exchange exchange,
            ResponseHead head,
            byte[] content,
            int length,
            boolean keepAlive,
            OutboundQuota quota) {
        boolean mayWait = length > NEVER_WAITS;
        if (mayWait && !server.backlog().take(length)) {
            sendFromDisk(exchange, head, content, length, keepAlive, quota);
            return;
        }
        int weight = mayWait ? length : 0;
        try {
            sendFromMemory(exchange, head, content, length, keepAlive, weight);
        } catch (OutOfMemoryError e) {
            server.backlog().give(weight);
            notices()
                    .warning("No memory for a response of " + length + " bytes: " + e.getMessage());
            sendPage(exchange, "503 Service Unavailable");
        }
    }

    private void sendFromMemory(
            Http1Exchange exchange,
            ResponseHead head,
            byte[] content,
            int length,
            boolean keepAlive,
            int weight) {
        if (length <= SEND_AT_ONCE) {
            ByteBuf out = buffer(head.size() + length);
            head.writeTo(out);
            out.writeBytes(content, 0, length);
            hop(out, () -> sendLastNow(exchange, out, keepAlive, weight));
            return;
        }
        ByteBuf out = buffer(head.size());
        head.writeTo(out);
        hop(
                out,
                () -> {
                    if (!owner.isCurrent(exchange) || !channel.isActive()) {
                        sendLastNow(exchange, out, keepAlive, weight);
                        return;
                    }
                    channel.write(out, channel.voidPromise());
                    pump = new Pump(exchange, content, length, keepAlive);
                    pump.run();
                });
    }

    private void sendFromDisk(
            Http1Exchange exchange,
            ResponseHead head,
            byte[] content,
            int length,
            boolean keepAlive,
            OutboundQuota quota) {
        try {
            SpoolFile spool = SpoolFile.in(server.uploadFolder());
            try (OpenFile file = OpenFile.of(spool.path())) {
                for (int sent = 0; sent < length; ) {
                    // The JDK copies each piece to direct memory, and keeps that for the next one.
                    int size = Math.min(PUMPED_PIECE, length - sent);
                    sent += spool.writer().write(ByteBuffer.wrap(content, sent, size));
                }
                ByteBuf out = buffer(head.size());
                head.writeTo(out);
                FileRegion region = file.handOver(0, length);
                send(exchange, out, quota);
                sendRegion(exchange, region);
                sendLast(exchange, Unpooled.EMPTY_BUFFER, keepAlive);
            } finally {
                spool.close();
            }
        } catch (IOException | UncheckedIOException e) {
            notices()
                    .warning(
                            "Can't keep a response of "
                                    + length
                                    + " bytes in "
                                    + server.uploadFolder()
                                    + " for a slow client: "
                                    + e.getMessage());
            sendPage(exchange, "500 Internal Server Error");
        }
    }

    /** An error page in place of the response; the connection closes. */
    void sendPage(Http1Exchange exchange, String status) {
        byte[] page = ErrorPage.render(status, "");
        hop(
                null,
                () -> {
                    if (owner.isCurrent(exchange)) {
                        boolean active = channel.isActive();
                        owner.responseEnded(
                                exchange, active ? status : StatusLine.CLIENT_GONE, false);
                        writePage(page);
                    }
                });
    }

    /**
     * Ends the connection after what has been sent, without an end of the body: a client sees that
     * it is incomplete and still gets what there is, which a reset could take away.
     */
    void cut(Http1Exchange exchange, String loggedStatus) {
        hop(
                null,
                () -> {
                    if (owner.isCurrent(exchange)) {
                        owner.responseEnded(exchange, loggedStatus, false);
                        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                                .addListener(_ -> owner.linger());
                    }
                });
    }

    /** Closes the connection so that the client notices an incomplete response. */
    void reset(Http1Exchange exchange, String loggedStatus) {
        hop(
                null,
                () -> {
                    if (owner.isCurrent(exchange)) {
                        owner.responseEnded(exchange, loggedStatus, false);
                        resetNow();
                    }
                });
    }

    /**
     * @param weight what the response counts in the backlog
     */
    private void sendLastNow(Http1Exchange exchange, ByteBuf last, boolean keepAlive, int weight) {
        if (!owner.isCurrent(exchange)) {
            last.release();
            server.backlog().give(weight);
            return;
        }
        if (!channel.isActive()) {
            last.release();
            server.backlog().give(weight);
            owner.responseEnded(exchange, StatusLine.CLIENT_GONE, false);
            return;
        }
        if (files > 0) {
            // The next request, and the access log, wait until the client has taken it all.
            finishing = exchange;
            channel.writeAndFlush(last).addListener(result -> filesSent(result, keepAlive));
        } else if (keepAlive && weight == 0) {
            channel.writeAndFlush(last, channel.voidPromise());
            owner.responseEnded(exchange, "", true);
        } else if (keepAlive) {
            channel.writeAndFlush(last).addListener(_ -> server.backlog().give(weight));
            owner.responseEnded(exchange, "", true);
        } else {
            owner.responseEnded(exchange, "", false);
            channel.writeAndFlush(last)
                    .addListener(
                            _ -> {
                                server.backlog().give(weight);
                                owner.linger();
                            });
        }
    }

    private void filesSent(Future<?> result, boolean keepAlive) {
        Http1Exchange exchange = finishing;
        if (!result.isSuccess() || exchange == null) {
            return; // the connection closes
        }
        finishing = null;
        owner.responseEnded(exchange, "", keepAlive);
        if (!keepAlive) {
            owner.linger();
        }
    }

    /** Event loop: sends an error page and closes. */
    void writePage(byte[] page) {
        if (channel.isActive()) {
            channel.writeAndFlush(buffer(page.length).writeBytes(page))
                    .addListener(_ -> owner.linger());
        }
    }

    /** Event loop: closes with a reset where there is one, else plainly. */
    void resetNow() {
        if (channel instanceof SocketChannel && channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }

    /** Event loop. */
    void writabilityChanged() {
        if (pump != null) {
            pump.run();
        }
    }

    /** Event loop: the connection has closed. */
    void closed() {
        gone = true;
        if (pump != null) {
            Http1Exchange exchange = pump.exchange;
            server.backlog().give(pump.length);
            pump = null;
            owner.responseEnded(exchange, StatusLine.CLIENT_GONE, false);
        }
        if (finishing != null) {
            Http1Exchange exchange = finishing;
            finishing = null;
            owner.responseEnded(exchange, StatusLine.CLIENT_GONE, false);
        }
    }

    /** Event loop: true if something waits for the client. */
    boolean hasPending() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting != null && waiting.totalPendingWriteBytes() > 0;
    }

    /** Event loop: what was seen of the response before does not count for the next one. */
    void responseBegins() {
        lastProgress = 0;
    }

    /** Event loop, now and then: true if the client has taken nothing for {@code write_timeout}. */
    boolean isStalled(long now) {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        long pending = waiting == null ? 0 : waiting.totalPendingWriteBytes();
        long progress = pending == 0 ? 0 : pending * 31 + waiting.currentProgress();
        if (progress == 0 || progress != lastProgress) {
            lastProgress = progress;
            lastProgressNanos = now;
            return false;
        }
        return now - lastProgressNanos >= ConnectionClock.orNever(server.clients().writeGap());
    }

    private void hop(io.netty.util.ReferenceCounted held, Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException _) {
            // The server has been shut down under the application.
            gone = true;
            if (held != null) {
                held.release();
            }
        }
    }

    /** Feeds a large body to the connection while it is writable. Event loop only. */
    private final class Pump {
        private final Http1Exchange exchange;
        private final byte[] content;
        private final int length;
        private final boolean keepAlive;
        private int position;
        private boolean running;

        Pump(Http1Exchange exchange, byte[] content, int length, boolean keepAlive) {
            this.exchange = exchange;
            this.content = content;
            this.length = length;
            this.keepAlive = keepAlive;
        }

        void run() {
            if (running) {
                return;
            }
            running = true;
            try {
                feed();
            } catch (OutOfMemoryError e) {
                notices().warning("No memory to send a response: " + e.getMessage());
                resetNow();
            } finally {
                running = false;
            }
        }

        private void feed() {
            while (pump == this && channel.isWritable()) {
                int size = Math.min(PUMPED_PIECE, length - position);
                ByteBuf piece = buffer(size).writeBytes(content, position, size);
                position += size;
                if (position == length) {
                    pump = null;
                    sendLastNow(exchange, piece, keepAlive, length);
                } else {
                    channel.writeAndFlush(piece, channel.voidPromise());
                }
            }
        }
    }
}
