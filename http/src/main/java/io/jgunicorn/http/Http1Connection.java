package io.jgunicorn.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * One HTTP/1 connection: hands out its requests one at a time and decides when it closes. Event
 * loop only; {@link Outbound} brings other threads here.
 *
 * <p>Before it closes it lingers: its answer and FIN are sent, then up to 1 MiB of input is ignored
 * for as long as {@link ConnectionClock} says, so that the client can read the answer before a
 * reset takes it away (RFC 9112 section 9.6).
 */
final class Http1Connection extends ChannelInboundHandlerAdapter {
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** State of a connection that is no more, in Linux's {@code struct tcp_info}. */
    private static final int TCP_CLOSE = 7;

    /**
     * Lifecycle: IDLE -> HEAD -> BODY -> RUNNING -> IDLE ..., and ENDING -> LINGERING at the end.
     */
    private enum Phase {
        IDLE,
        HEAD,
        BODY,
        RUNNING,
        /** The last response is on its way. */
        ENDING,
        LINGERING
    }

    private final ServerContext server;
    private final RequestDecoder decoder;
    private final String unixPath;
    private Channel channel;
    private Outbound outbound;
    private Peer peer;
    private String peerShown = "";

    /** Of a request that was refused before it had been assembled. */
    private String requestLine = "";

    private Phase phase = Phase.IDLE;
    private ConnectionClock clock;
    private RequestAssembly assembly;
    private BodyCollector body;
    private Http1Exchange current;
    private long headNanos;
    private int requests;

    /** Has kept its place after a response since the last look. */
    private boolean served;

    /** A response that ends the connection is being built or sent. Any thread. */
    private volatile boolean leaves;

    /** The client has sent FIN. */
    private boolean inputEnded;

    Http1Connection(ServerContext server, RequestDecoder decoder, String unixPath) {
        this.server = server;
        this.decoder = decoder;
        this.unixPath = unixPath;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        outbound = new Outbound(channel, server, this);
        peer = Peer.of(channel, unixPath, server.forwarded());
        peerShown = peer.shown();
        clock = new ConnectionClock(server.clock(), server.keepAlive(), server.clients());
        server.registry().opened(this);
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            switch (message) {
                case RefusedRequestException refused -> refuse(refused);
                case HttpRequest request -> begin(request);
                case HttpContent content -> collect(content);
                default -> throw new IllegalStateException("unexpected " + message.getClass());
            }
        } catch (RefusedRequestException refused) {
            refuse(refused);
        } catch (IOException e) {
            server.notices().warning("Can't store a request body: " + e.getMessage());
            refuse(new RefusedRequestException("500 Internal Server Error", ""));
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(HttpRequest request) {
        headNanos = clock.now();
        assembly = null;
        requestLine = "";
        RequestAssembly assembled;
        try {
            assembled = RequestAssembly.of(request, decoder.protocol(), peer, server.forwarded());
        } catch (RefusedRequestException refused) {
            requestLine = request.method().name() + " " + request.uri() + " " + decoder.protocol();
            throw refused;
        }
        assembly = assembled;
        RequestChecks.fields(assembled.facts());
        if (request.decoderResult().isFailure()) {
            server.notices().debug("Decoder: " + request.decoderResult().cause());
            throw RefusedRequestException.badRequest("Invalid HTTP request");
        }
        phase = Phase.BODY;
        clock.bodyBegins(headNanos);
        long length = assembled.facts().bodyLength();
        checkBodyLength(length);
        body = length == 0 ? null : new BodyCollector(server.uploadFolder(), length);
        if (body != null && assembled.facts().expectsContinue()) {
            channel.writeAndFlush(outbound.buffer(CONTINUE.length).writeBytes(CONTINUE));
        }
    }

    private void collect(HttpContent content) throws IOException {
        if (phase != Phase.BODY) {
            return;
        }
        if (content.decoderResult().isFailure()) {
            server.notices().debug("Decoder: " + content.decoderResult().cause());
            throw RefusedRequestException.badRequest("Invalid chunked body");
        }
        clock.bodyArrives(clock.now(), content.content().readableBytes());
        if (body != null) {
            body.add(content.content());
            checkBodyLength(body.length());
        }
        if (content instanceof LastHttpContent) {
            CollectedBody whole = body == null ? CollectedBody.EMPTY : body.finish();
            body = null;
            dispatch(whole);
        }
    }

    /** RFC 9110 section 15.5.14. */
    private void checkBodyLength(long length) {
        long most = server.clients().body();
        if (most > 0 && length > most) {
            throw new RefusedRequestException(
                    "413 Content Too Large", "Request body is too large (> " + most + ")");
        }
    }

    private void dispatch(CollectedBody whole) {
        if (!channel.isActive()) {
            // Its client has left while it waited for the response before it.
            logUnanswered(whole.length());
            whole.dispose(server.notices());
            return;
        }
        phase = Phase.RUNNING;
        requests++;
        int most = server.clients().keepAliveRequests();
        Http1Exchange exchange =
                new Http1Exchange(
                        outbound,
                        assembly,
                        whole,
                        new Http1Exchange.Arrival(
                                headNanos, clock.now(), peerShown, requestId(assembly.head())),
                        requests,
                        most == 0 || requests < most);
        assembly = null;
        current = exchange;
        outbound.responseBegins();
        try {
            server.handler().handle(exchange);
        } catch (RuntimeException e) {
            server.notices().warning("Request handler failed: " + e);
            exchange.fail();
        }
    }

    /** Answers with an error page; nothing that follows is taken for a request. */
    private void refuse(RefusedRequestException refused) {
        if (phase == Phase.ENDING || phase == Phase.LINGERING) {
            return;
        }
        logRefused(refused);
        decoder.refuse();
        discardBody();
        server.notices()
                .warning("Invalid request from ip=" + peer.client() + ": " + refused.getMessage());
        assembly = null;
        phase = Phase.ENDING;
        outbound.writePage(ErrorPage.render(refused.status(), refused.getMessage()));
    }

    private boolean isLogged() {
        return server.accessLog().isPresent() || server.accessObserver().isPresent();
    }

    private void logRefused(RefusedRequestException refused) {
        if (!isLogged()) {
            return;
        }
        RequestHead head;
        if (assembly != null) {
            head = assembly.head();
        } else {
            String line = requestLine.isEmpty() ? decoder.requestLine() : requestLine;
            if (line.isEmpty()) {
                return; // nothing has been asked for
            }
            headNanos = clock.now();
            head = RequestHead.ofLine(line, peer);
        }
        AccessEntry.Outcome outcome =
                switch (StatusLine.code(refused.status())) {
                    case 408 -> AccessEntry.Outcome.TIMED_OUT;
                    case 500 -> AccessEntry.Outcome.FAILED;
                    default -> AccessEntry.Outcome.REFUSED;
                };
        log(head, refused, body == null ? 0 : body.length(), outcome);
    }

    /** A request that its client has not waited for; no application has seen it. */
    private void logUnanswered(long bytesIn) {
        if (assembly != null && isLogged()) {
            log(
                    assembly.head(),
                    new RefusedRequestException(StatusLine.CLIENT_GONE, ""),
                    bytesIn,
                    AccessEntry.Outcome.CLIENT_ABORTED);
        }
    }

    private void log(
            RequestHead head,
            RefusedRequestException refused,
            long bytesIn,
            AccessEntry.Outcome outcome) {
        AccessEntry entry =
                AccessEntry.refused(
                        head,
                        refused,
                        clock.now() - headNanos,
                        new AccessEntry.Circumstances(
                                peerShown, requestId(head), bytesIn, -1, outcome));
        // Without an assembly there is too little of a request for an observer.
        tell(entry, assembly != null);
    }

    private String requestId(RequestHead head) {
        return server.requestIds().isPresent()
                ? server.requestIds().get().of(head, peer.trusted())
                : "";
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (phase == Phase.IDLE && decoder.isGateOpen() && decoder.hasBytes()) {
            phase = Phase.HEAD;
            clock.headBegins(clock.now());
        } else if (phase == Phase.LINGERING && decoder.ignoredTooMuch()) {
            channel.close();
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        outbound.writabilityChanged();
        if (phase == Phase.IDLE && channel.isWritable()) {
            openGate();
            closeIfNothingIsOwed();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        outbound.closed();
        if (current != null) {
            current.connectionClosed();
        }
        if (phase == Phase.BODY) {
            logUnanswered(body == null ? 0 : body.length());
        }
        discardBody();
        server.registry().closed(this);
        ctx.fireChannelInactive();
    }

    /**
     * The client has sent FIN: it may still wait for the answers to what it has sent, and there
     * will be no further request (RFC 9112 section 9.6).
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            closeIfNothingIsOwed();
        } else if (event instanceof ProxiedConnection proxied) {
            peer = peer.behind(proxied, server.forwarded());
            peerShown = peer.shown();
        } else if (event == ProxyHeader.Event.UNKNOWN_CLIENT) {
            peer = peer.behindUnknown();
        }
        ctx.fireUserEventTriggered(event);
    }

    private void closeIfNothingIsOwed() {
        if (inputEnded && phase != Phase.RUNNING && phase != Phase.ENDING) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            server.notices().debug("Ignoring connection error: " + cause.getMessage());
        } else {
            server.notices().warning("Closing a connection after " + cause);
        }
        ctx.close();
    }

    boolean isCurrent(Http1Exchange exchange) {
        return current == exchange;
    }

    /**
     * The response has been handed to the channel, or never will be.
     *
     * @param loggedStatus for the access log; empty means the response's own
     */
    void responseEnded(Http1Exchange exchange, String loggedStatus, boolean keepAlive) {
        current = null;
        long now = clock.now();
        boolean observed = server.accessObserver().isPresent() && !exchange.accessLineClaimed();
        if (observed || server.accessLog().isPresent()) {
            tell(exchange.accessEntry(loggedStatus, now), observed);
        }
        if (!keepAlive) {
            phase = Phase.ENDING;
            decoder.refuse();
            return;
        }
        phase = Phase.IDLE;
        served = true;
        clock.responseEnded(now);
        if (channel.isWritable()) {
            openGate();
            closeIfNothingIsOwed();
        }
    }

    private void tell(AccessEntry entry, boolean observed) {
        if (server.accessLog().isPresent()) {
            server.accessLog().get().add(entry);
        }
        if (observed && server.accessObserver().isPresent()) {
            server.accessObserver()
                    .get()
                    .ended(entry.request(), entry.status(), entry.bytes(), entry.nanos());
        }
    }

    private void openGate() {
        decoder.openGate();
        if (phase == Phase.IDLE && decoder.hasBytes()) {
            phase = Phase.HEAD;
            clock.headBegins(clock.now());
        }
    }

    /** Sends FIN, then reads and ignores until the client has closed, or a limit is met. */
    void linger() {
        if (!channel.isActive()) {
            return;
        }
        phase = Phase.LINGERING;
        clock.lingering();
        decoder.refuse();
        ((DuplexChannel) channel).shutdownOutput();
        channel.config().setAutoRead(true);
    }

    /** The response that is being built ends this connection. Any thread. */
    void willLeave() {
        leaves = true;
    }

    /** True if it had something to do since the last call, and stays. */
    boolean wasLively() {
        boolean lively = !leaves && (served || phase == Phase.BODY || phase == Phase.RUNNING);
        served = false;
        return lively;
    }

    /** Called about twice a second. */
    void checkTime(long now) {
        switch (phase) {
            case IDLE -> {
                if (outbound.hasPending()) {
                    // Idle time begins when the client has taken the response.
                    clock.responseEnded(now);
                    closeIfStalled(now);
                } else if (clock.isIdleOver(now)) {
                    channel.close();
                }
            }
            case HEAD -> {
                if (clock.isOver(now)) {
                    refuse(timedOut("the header was not complete in time"));
                }
            }
            case BODY -> {
                if (clock.isOver(now) || clock.isBodyTooSlow(now)) {
                    refuse(timedOut("the body came too slowly"));
                }
            }
            case LINGERING -> {
                if (clock.isOver(now)) {
                    channel.close();
                }
            }
            case RUNNING, ENDING -> {
                closeIfStalled(now);
                closeIfReset();
            }
        }
    }

    /**
     * After a FIN the event loop is told of a reset again and again but closes nothing, because
     * nothing is read any more: ask the kernel.
     */
    private void closeIfReset() {
        if (inputEnded
                && channel instanceof EpollSocketChannel tcp
                && tcp.isOpen()
                && tcp.tcpInfo().state() == TCP_CLOSE) {
            channel.close();
        }
    }

    /** RFC 9110 section 15.5.9. */
    private static RefusedRequestException timedOut(String reason) {
        return new RefusedRequestException("408 Request Timeout", "Request timed out: " + reason);
    }

    private void closeIfStalled(long now) {
        if (outbound.isStalled(now)) {
            outbound.resetNow();
        }
    }

    /** The server is to stop. */
    void drain() {
        clock.draining();
    }

    void closeNow() {
        channel.close();
    }

    private void discardBody() {
        if (body != null) {
            body.discard();
            body = null;
        }
    }
}
