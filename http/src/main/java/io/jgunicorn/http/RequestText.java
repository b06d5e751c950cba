package io.jgunicorn.http;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.ServerConfig.Forwarding;
import io.jgunicorn.config.ServerConfig.RequestLimits;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Reads requests that were written down instead of received, through the decoder and the checks of
 * a connection. The client is {@code 127.0.0.1}; the server is the given listener, seen from there.
 * Used by one thread at a time.
 */
public final class RequestText {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String NO_PORT = "0";
    private static final int HTTP_PORT = 80;

    private final HeadLimits limits;
    private final ForwardedPolicy policy;
    private final Peer peer;
    private final String host;

    /**
     * A reader of requests to one listener.
     *
     * @param listener where a real request would arrive; a Unix socket is called {@code localhost}
     */
    public RequestText(RequestLimits limits, Forwarding forwarding, BindAddress listener) {
        this.limits = HeadLimits.of(limits);
        this.policy = new ForwardedPolicy(forwarding);
        switch (listener) {
            case BindAddress.Tcp(String name, int port) -> {
                String server = isWildcard(name) ? LOOPBACK : name;
                boolean trusted =
                        policy.trusts(new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), 0));
                peer = new Peer(LOOPBACK, NO_PORT, server, Integer.toString(port), trusted);
                String literal = server.indexOf(':') >= 0 ? "[" + server + "]" : server;
                host = port == HTTP_PORT ? literal : literal + ":" + port;
            }
            case BindAddress.UnixSocket(var path) -> {
                peer = new Peer(LOOPBACK, NO_PORT, path.toString(), "", true);
                host = "localhost";
            }
            case BindAddress.InheritedFd _ -> {
                peer = new Peer(LOOPBACK, NO_PORT, "localhost", "", true);
                host = "localhost";
            }
        }
    }

    private static boolean isWildcard(String name) {
        return name.isEmpty() || name.equals("0.0.0.0") || name.equals("::");
    }

    /**
     * The request of a head; without a Host field it gets that of the listener.
     *
     * @param head bytes as ISO 8859-1 characters, to the end of the empty line
     * @throws IllegalArgumentException if a connection would refuse it, with the reason; or if a
     *     body must follow
     */
    public RequestHead read(String head) {
        RequestDecoder decoder =
                new RequestDecoder(
                        RequestDecoder.config(limits),
                        new HeadScanner(limits, policy.dropsUnderscores()));
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        try {
            channel.writeInbound(Unpooled.copiedBuffer(head, StandardCharsets.ISO_8859_1));
            return switch (channel.<Object>readInbound()) {
                case HttpRequest request -> accepted(request, decoder.protocol());
                case RefusedRequestException refused -> throw refused;
                case null, default -> throw new IllegalArgumentException("Incomplete request");
            };
        } catch (RefusedRequestException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private RequestHead accepted(HttpRequest request, String protocol) {
        RequestAssembly assembly = RequestAssembly.of(request, protocol, peer, policy);
        RequestChecks.fields(assembly.facts());
        if (request.decoderResult().isFailure()) {
            throw RefusedRequestException.badRequest("Invalid HTTP request");
        }
        if (assembly.facts().bodyLength() != 0) {
            throw RefusedRequestException.badRequest("Body in a request without one");
        }
        RequestHead head = assembly.head();
        return head.firstValue("HOST").isPresent() ? head : head.withHost(host);
    }
}
