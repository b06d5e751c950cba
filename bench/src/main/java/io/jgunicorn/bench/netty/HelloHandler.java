package io.jgunicorn.bench.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Answers every request with the hello application's answer. Runs on the event loop. */
final class HelloHandler extends SimpleChannelInboundHandler<HttpObject> {
    private static final byte[] BODY = "Hello, world!\n".getBytes(US_ASCII);
    private static final AsciiString LENGTH = AsciiString.of(Integer.toString(BODY.length));
    private static final AsciiString SERVER = AsciiString.of("jgunicorn");
    private static final AsciiString PLAIN = AsciiString.of("text/plain");

    private long second;
    private AsciiString date = AsciiString.EMPTY_STRING;

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (!(message instanceof HttpRequest request)) {
            return;
        }
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        ByteBuf body = Unpooled.wrappedBuffer(BODY);
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.OK,
                        body,
                        DefaultHttpHeadersFactory.headersFactory().withValidation(false),
                        DefaultHttpHeadersFactory.trailersFactory());
        response.headers()
                .set(HttpHeaderNames.SERVER, SERVER)
                .set(HttpHeaderNames.DATE, date())
                .set(
                        HttpHeaderNames.CONNECTION,
                        keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.CONTENT_TYPE, PLAIN)
                .set(HttpHeaderNames.CONTENT_LENGTH, LENGTH);
        var written = context.write(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    private AsciiString date() {
        long now = System.currentTimeMillis() / 1000;
        if (now != second) {
            second = now;
            date =
                    AsciiString.of(
                            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                    Instant.ofEpochSecond(now).atOffset(ZoneOffset.UTC)));
        }
        return date;
    }
}
