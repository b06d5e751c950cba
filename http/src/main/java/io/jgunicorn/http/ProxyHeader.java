package io.jgunicorn.http;

import io.jgunicorn.config.ServerConfig.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.ProtocolDetectionResult;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Takes the PROXY protocol header off the beginning of a connection, if there is one that {@code
 * proxy_protocol} allows; without it the connection is a plain one, as in gunicorn. Netty's codec
 * reads it. What it says goes on as an event, a {@link ProxiedConnection}; what is wrong, as a
 * {@link RefusedRequestException}. Event loop only; the first handler of its connection.
 *
 * <p>Of the specification (haproxy.org, PROXY protocol, sections 2.1 and 2.2): {@code LOCAL} and
 * v2's {@code UNSPEC} leave the real peer's address. Unlike the specification, and like gunicorn,
 * v1's {@code UNKNOWN} is refused.
 */
final class ProxyHeader extends ByteToMessageDecoder {
    /** Instead of a {@link ProxiedConnection}. */
    enum Event {
        /** The proxy speaks for a client whose address it does not tell. */
        UNKNOWN_CLIENT
    }

    private final Rules rules;

    /**
     * Which headers are taken, and from whom.
     *
     * @param v1 whether the text form is taken
     * @param v2 whether the binary form is taken
     * @param proxies {@code proxy_allow_ips}
     */
    record Rules(boolean v1, boolean v2, TrustedNetworks proxies) {
        static Rules of(ProxyProtocol settings) {
            String mode = settings.mode();
            boolean on = !mode.equals("off");
            return new Rules(
                    on && !mode.equals("v2"),
                    on && !mode.equals("v1"),
                    new TrustedNetworks(settings.allowIps()));
        }

        /** Whether connections need a {@link ProxyHeader}. */
        boolean takeAny() {
            return v1 || v2;
        }
    }

    /** For one connection. */
    ProxyHeader(Rules rules) {
        this.rules = rules;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        ProtocolDetectionResult<HAProxyProtocolVersion> found =
                HAProxyMessageDecoder.detectProtocol(in);
        switch (found.state()) {
            case NEEDS_MORE_DATA -> {}
            case INVALID -> ctx.pipeline().remove(this);
            case DETECTED -> {
                boolean first = found.detectedProtocol() == HAProxyProtocolVersion.V1;
                if (!(first ? rules.v1() : rules.v2())) {
                    ctx.pipeline().remove(this); // no HTTP either: refused further on
                } else if (!isAllowed(ctx)) {
                    in.skipBytes(in.readableBytes());
                    out.add(
                            new RefusedRequestException(
                                    "403 Forbidden", "PROXY protocol is not allowed from here"));
                } else {
                    ctx.pipeline().addAfter(ctx.name(), null, new Receiver());
                    ctx.pipeline().addAfter(ctx.name(), null, new HAProxyMessageDecoder());
                    ctx.pipeline().remove(this); // hands the bytes on to the codec
                }
            }
        }
    }

    private boolean isAllowed(ChannelHandlerContext ctx) {
        return !(ctx.channel().remoteAddress() instanceof InetSocketAddress peer)
                || rules.proxies().contains(peer);
    }

    /** Behind Netty's codec, which leaves when it has done its work. */
    private static final class Receiver extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (!(message instanceof HAProxyMessage header)) {
                ctx.fireChannelRead(message);
                return;
            }
            try {
                take(ctx, header);
            } finally {
                header.release();
            }
        }

        private void take(ChannelHandlerContext ctx, HAProxyMessage header) {
            boolean first = header.protocolVersion() == HAProxyProtocolVersion.V1;
            HAProxyProxiedProtocol protocol = header.proxiedProtocol();
            ctx.pipeline().remove(this);
            if (header.command() == HAProxyCommand.LOCAL) {
                return;
            }
            if (!first && protocol == HAProxyProxiedProtocol.UNKNOWN) {
                ctx.fireUserEventTriggered(Event.UNKNOWN_CLIENT);
                return;
            }
            if (protocol != HAProxyProxiedProtocol.TCP4
                    && protocol != HAProxyProxiedProtocol.TCP6) {
                ctx.fireChannelRead(refused(protocol.toString()));
                return;
            }
            if (header.sourceAddress().indexOf('%') >= 0) { // an address of one link only
                ctx.fireChannelRead(refused(header.sourceAddress()));
                return;
            }
            ctx.fireUserEventTriggered(
                    new ProxiedConnection(
                            protocol.name(),
                            header.sourceAddress(),
                            Integer.toString(header.sourcePort()),
                            header.destinationAddress(),
                            Integer.toString(header.destinationPort())));
        }

        /** Netty's codec has closed the connection, as the specification wants it. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof DecoderException) {
                ctx.fireChannelRead(refused(String.valueOf(cause.getMessage())));
            } else {
                ctx.fireExceptionCaught(cause);
            }
        }

        private static RefusedRequestException refused(String reason) {
            return RefusedRequestException.badRequest("Invalid PROXY line: '" + reason + "'");
        }
    }
}
