package io.jgunicorn.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Netty's request decoder behind a gate: one request at a time, each head checked by {@link
 * HeadScanner} first. While the gate is closed, bytes of later requests stay where they are; above
 * 64 KiB of them the connection stops reading, so the client feels it. Event loop only.
 *
 * <p>Passes on an {@code HttpRequest} with upper-case field names, {@code HttpContent}, or a {@link
 * RefusedRequestException}, after which nothing more is decoded.
 */
final class RequestDecoder extends HttpRequestDecoder {
    private static final int PAUSE_ABOVE = 64 * 1024;
    private static final long IGNORE_AT_MOST = 1024 * 1024;

    /**
     * Most bytes in a row of a chunked body that are no content: a chunk size with its extensions,
     * or the trailer section. Netty joins folded trailer lines one by one, each time copying all
     * before it, so many of them would hold up the event loop.
     */
    private static final int OVERHEAD_AT_MOST = 16 * 1024;

    private static final int LONGEST_LINE = 8190;

    private enum Position {
        HEAD,
        BODY,
        REFUSED
    }

    private final HeadScanner scanner;
    private Position position = Position.HEAD;
    private boolean gateClosed;

    /** Fields that are decoded belong to the head, and not to a trailer section. */
    private boolean inHead;

    /** Bytes of the body since its last content. */
    private int overhead;

    private String protocol = "";
    private String refusedLine = "";
    private long ignored;
    private ChannelHandlerContext context;

    RequestDecoder(HttpDecoderConfig config, HeadScanner scanner) {
        super(config);
        this.scanner = scanner;
    }

    /**
     * The decoder's own limits only matter for what {@link HeadScanner} does not see: chunk sizes
     * with their extensions, and trailers, which together with the head may fill twice the head's
     * limit.
     */
    static HttpDecoderConfig config(HeadLimits limits) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(Math.max(limits.line(), 4096) + 2)
                .setMaxHeaderSize((int) Math.min(2 * limits.block(), Integer.MAX_VALUE - 2))
                .setMaxChunkSize(64 * 1024)
                .setChunkedSupported(true)
                .setAllowPartialChunks(true)
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setHeadersFactory(DefaultHttpHeadersFactory.headersFactory().withValidation(false))
                .setTrailersFactory(Trailers.factory(limits));
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
            throws Exception {
        switch (position) {
            case REFUSED -> {
                ignored += in.readableBytes();
                in.skipBytes(in.readableBytes());
            }
            case BODY -> decodeBody(ctx, in, out);
            case HEAD -> {
                if (!gateClosed) {
                    decodeHead(ctx, in, out);
                } else if (in.readableBytes() > PAUSE_ABOVE) {
                    ctx.channel().config().setAutoRead(false);
                }
            }
        }
    }

    private void decodeHead(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
            throws Exception {
        try {
            if (!scanner.complete(in)) {
                return;
            }
        } catch (RefusedRequestException e) {
            refusedLine = firstLine(in);
            refuse();
            in.skipBytes(in.readableBytes());
            out.add(e);
            return;
        }
        gateClosed = true;
        position = Position.BODY;
        inHead = true;
        overhead = 0;
        decodeBody(ctx, in, out);
    }

    private void decodeBody(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
            throws Exception {
        int before = in.readableBytes();
        super.decode(ctx, in, out);
        int size = out.size();
        if (!inHead && overhead(before - in.readableBytes(), out) > OVERHEAD_AT_MOST) {
            out.forEach(ReferenceCountUtil::release);
            out.clear();
            refuse();
            out.add(RefusedRequestException.badRequest("Invalid chunked body"));
            return;
        }
        inHead &= size == 0;
        if (size > 0 && out.get(size - 1) instanceof LastHttpContent) {
            position = Position.HEAD;
        }
    }

    private int overhead(int consumed, List<Object> out) {
        int content = 0;
        for (Object message : out) {
            content += message instanceof HttpContent piece ? piece.content().readableBytes() : 0;
        }
        overhead = (content > 0 ? 0 : overhead) + consumed - content;
        return overhead;
    }

    /** While paused, the superclass must not ask for the next read on its own. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (gateClosed && position == Position.HEAD) {
            discardSomeReadBytes();
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
    }

    /**
     * Netty's decoder would decode the rest and drop what it cannot hand out yet; but requests that
     * wait behind the gate are still owed their answers after the client's FIN.
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            ctx.fireUserEventTriggered(event);
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    /** Lets the next request through; bytes that wait are decoded at once. */
    void openGate() {
        gateClosed = false;
        if (hasBytes()) {
            try {
                channelRead(context, Unpooled.EMPTY_BUFFER);
            } catch (Exception e) {
                context.fireExceptionCaught(e);
            }
        }
        if (actualReadableBytes() <= PAUSE_ABOVE && !context.channel().config().isAutoRead()) {
            context.channel().config().setAutoRead(true);
        }
    }

    /**
     * The request line of a head that has been refused, or is not complete, as far as it has
     * arrived; empty if nothing has. At most 8190 bytes.
     */
    String requestLine() {
        return refusedLine.isEmpty() ? firstLine(internalBuffer()) : refusedLine;
    }

    private static String firstLine(ByteBuf in) {
        int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
        int length = Math.min((end < 0 ? in.writerIndex() : end) - in.readerIndex(), LONGEST_LINE);
        String line = in.toString(in.readerIndex(), length, StandardCharsets.ISO_8859_1);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    boolean isGateOpen() {
        return !gateClosed;
    }

    /** Nothing that arrives from now on is taken for a request. */
    void refuse() {
        position = Position.REFUSED;
    }

    /** True while part of a head, or a later request, has arrived. */
    boolean hasBytes() {
        return actualReadableBytes() > 0;
    }

    /** True once more than 1 MiB has arrived after {@link #refuse}. */
    boolean ignoredTooMuch() {
        return ignored > IGNORE_AT_MOST;
    }

    /** Version of the last head, as sent. */
    String protocol() {
        return protocol;
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        protocol = initialLine[2];
        // To the decoder every later minor version is HTTP/1.1 (RFC 9110 section 2.5).
        HttpVersion version =
                protocol.equals("HTTP/1.0") ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
        return new DefaultHttpRequest(
                version, HttpMethod.valueOf(initialLine[0]), initialLine[1], headersFactory);
    }

    /**
     * A body is announced, or there is none (RFC 9112 section 6.3). Netty alone would take eight
     * bytes behind the handshake of a WebSocket draft of 2010 for one.
     */
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return message.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)
                && !message.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                && !message.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] bytes, int start, int length) {
        AsciiString name = HeaderNames.upperCase(bytes, start, length);
        if (!inHead) {
            RequestChecks.trailer(name.toString());
        }
        return name;
    }
}
