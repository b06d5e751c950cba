package io.jgunicorn.http;

import io.jgunicorn.http.AccessEntry.Circumstances;
import io.jgunicorn.http.AccessEntry.Outcome;
import io.netty.buffer.ByteBuf;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One HTTP/1 request and its response. Created on the event loop; the response methods run on one
 * application thread, {@link #expire} on any. They agree through {@link #state}: who moves it to an
 * end state ends the exchange, the other one is turned away.
 */
final class Http1Exchange implements Exchange {

    /**
     * How the request came in.
     *
     * @param headNanos when its head was complete
     * @param completeNanos when its body was
     * @param peer as in {@link Circumstances}
     * @param requestId empty if there are no ids
     */
    record Arrival(long headNanos, long completeNanos, String peer, String requestId) {}

    /**
     * Lifecycle: WAITING -> PREPARED -> STREAMING -> COMPLETE, or ABANDONED or EXPIRED from any but
     * the last.
     */
    private enum State {
        /** No response yet. */
        WAITING,
        /** Status and fields are known, nothing has been sent. */
        PREPARED,
        /** The head is on its way. */
        STREAMING,
        /** The application has said everything. */
        COMPLETE,
        /** Failed, or the client left. */
        ABANDONED,
        /** The server's answer came first; its access line is the server's too. */
        EXPIRED
    }

    private final Outbound outbound;
    private final RequestHead request;
    private final CollectedBody body;
    private final boolean wantsKeepAlive;
    private final int ordinal;
    private final Arrival arrival;
    private final OutboundQuota quota = new OutboundQuota();
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    // Written by the application thread; published by the state and by the hop to the event loop.
    private String status = "";
    private ResponseHeaders headers = ResponseHeaders.NONE;
    private ResponseStream stream;
    private volatile long bytesSent;

    /** Of {@link #bytesSent}, what its client has left behind. Event loop only. */
    private long notSent;

    private volatile Map<String, String> logEnviron = Map.of();
    private volatile Outcome outcome = Outcome.OK;

    /** When the application began; 0 before. */
    private volatile long begunNanos;

    private volatile boolean accessLineClaimed;

    Http1Exchange(
            Outbound outbound,
            RequestAssembly assembly,
            CollectedBody body,
            Arrival arrival,
            int ordinal,
            boolean mayKeepAlive) {
        this.outbound = outbound;
        this.request = assembly.head();
        this.body = body;
        // What follows a CONNECT belongs to a tunnel, says RFC 9110 section 9.3.6: no request.
        this.wantsKeepAlive =
                mayKeepAlive
                        && assembly.facts().wantsKeepAlive()
                        && !request.method().equals("CONNECT");
        this.ordinal = ordinal;
        this.arrival = arrival;
    }

    @Override
    public RequestHead request() {
        return request;
    }

    @Override
    public RequestBody body() {
        return body.body();
    }

    @Override
    public boolean clientGone() {
        return outbound.isGone();
    }

    @Override
    public long startedNanos() {
        return arrival.headNanos();
    }

    @Override
    public String requestId() {
        return arrival.requestId();
    }

    @Override
    public void begin() {
        begunNanos = System.nanoTime();
    }

    @Override
    public int requestsOnConnection() {
        return ordinal;
    }

    @Override
    public int statusSent() {
        State now = state.get();
        return now == State.STREAMING || now == State.COMPLETE ? StatusLine.code(status) : 0;
    }

    @Override
    public long bytesSent() {
        return bytesSent;
    }

    @Override
    public boolean started() {
        State now = state.get();
        return now == State.STREAMING || now == State.COMPLETE;
    }

    @Override
    public void logEnviron(Map<String, String> values) {
        logEnviron = Map.copyOf(values);
    }

    @Override
    public void claimAccessLine() {
        accessLineClaimed = true;
    }

    @Override
    public boolean accessLineClaimed() {
        return accessLineClaimed && state.get() != State.EXPIRED;
    }

    @Override
    public void respond(String status, ResponseHeaders headers, byte[] body)
            throws ClientGoneException {
        StatusLine.check(status);
        requireClient();
        advance(State.WAITING, State.COMPLETE);
        this.status = status;
        this.headers = headers;
        complete(body);
    }

    /** Sends head and whole body in one go. */
    private void complete(byte[] content) {
        disposeBody();
        WholeResponse response = WholeResponse.of(this, outbound, content.length);
        bytesSent = response.length();
        outbound.sendWhole(
                this, response.head(), content, response.length(), response.keepAlive(), quota);
    }

    @Override
    public void start(String status, ResponseHeaders headers) throws ClientGoneException {
        StatusLine.check(status);
        requireClient();
        if (state.get() != State.PREPARED) {
            advance(State.WAITING, State.PREPARED);
        }
        this.status = status;
        this.headers = headers;
    }

    @Override
    public void write(byte[] piece) throws ClientGoneException {
        ResponseStream out = streaming();
        bytesSent = out.write(piece);
        if (!quota.awaitRoom()) {
            throw abandoned();
        }
    }

    @Override
    public void sendFile(Path file, long offset, long length) throws ClientGoneException {
        requireClient();
        try (OpenFile open = OpenFile.of(file)) {
            ResponseStream out = streaming();
            bytesSent = out.sendFile(open, offset, length);
        }
    }

    /** The stream, made with the first piece. */
    private ResponseStream streaming() throws ClientGoneException {
        requireClient();
        if (state.get() != State.STREAMING) {
            advance(State.PREPARED, State.STREAMING);
            stream = new ResponseStream(this, outbound, quota);
        }
        return stream;
    }

    @Override
    public void finish() throws ClientGoneException {
        requireClient();
        if (state.compareAndSet(State.PREPARED, State.COMPLETE)) {
            complete(new byte[0]);
            return;
        }
        advance(State.STREAMING, State.COMPLETE);
        disposeBody();
        stream.finish();
    }

    @Override
    public void fail() {
        end(State.ABANDONED, "500 Internal Server Error", Outcome.FAILED);
        disposeBody();
    }

    @Override
    public boolean expire() {
        return end(State.EXPIRED, "504 Gateway Timeout", Outcome.TIMED_OUT);
    }

    /** Ends the exchange against the application's plan; false if it had ended. */
    private boolean end(State last, String pageStatus, Outcome how) {
        while (true) {
            State now = state.get();
            switch (now) {
                case COMPLETE, ABANDONED, EXPIRED -> {
                    return false;
                }
                case WAITING, PREPARED -> {
                    if (state.compareAndSet(now, last)) {
                        outcome = how;
                        quota.close();
                        outbound.sendPage(this, pageStatus);
                        return true;
                    }
                }
                case STREAMING -> {
                    if (state.compareAndSet(now, last)) {
                        outcome = how;
                        quota.close();
                        ResponseStream unfinished = stream;
                        if (unfinished != null && unfinished.showsItsEnd()) {
                            outbound.cut(this, status);
                        } else {
                            outbound.reset(this, status);
                        }
                        return true;
                    }
                }
            }
        }
    }

    @Override
    public void earlyHints(ResponseHeaders headers) throws ClientGoneException {
        requireClient();
        State now = state.get();
        if ((now == State.WAITING || now == State.PREPARED)
                && !request.protocol().equals("HTTP/1.0")) {
            ResponseHead head = ResponseHead.interim("103 Early Hints", headers);
            ByteBuf out = outbound.buffer(head.size());
            head.writeTo(out);
            outbound.send(this, out, quota);
            if (!quota.awaitRoom()) {
                throw abandoned();
            }
        }
    }

    private void advance(State from, State to) throws ClientGoneException {
        if (!state.compareAndSet(from, to)) {
            State now = state.get();
            if (now == State.ABANDONED || now == State.EXPIRED) {
                disposeBody();
                throw new ClientGoneException("the request has expired or its client has left");
            }
            throw new IllegalStateException(
                    "not possible when the response is " + now + ": it must be " + from);
        }
    }

    private static boolean isOver(State state) {
        return switch (state) {
            case WAITING, PREPARED, STREAMING -> false;
            case COMPLETE, ABANDONED, EXPIRED -> true;
        };
    }

    private void requireClient() throws ClientGoneException {
        if (outbound.isGone()) {
            throw abandoned();
        }
    }

    /** Ends the exchange because its client has left. */
    private ClientGoneException abandoned() {
        State now = state.get();
        disposeBody();
        if (!isOver(now) && state.compareAndSet(now, State.ABANDONED)) {
            outbound.reset(this, StatusLine.CLIENT_GONE);
        }
        return new ClientGoneException("the client has left");
    }

    /**
     * Only on the application's thread: it may be about to open the file by the number of its
     * descriptor, which must not come to mean another file.
     */
    private void disposeBody() {
        body.dispose(outbound.notices());
    }

    /** Event loop: the connection has closed, so nobody should wait for it any more. */
    void connectionClosed() {
        quota.close();
    }

    /** Event loop: a file broke off. */
    void notSent(long bytes) {
        notSent += bytes;
    }

    /** Status and fields for the stream, on the application thread. */
    String status() {
        return status;
    }

    ResponseHeaders headers() {
        return headers;
    }

    boolean wantsKeepAlive() {
        return wantsKeepAlive;
    }

    private Circumstances circumstances(String loggedStatus) {
        long begun = begunNanos;
        return new Circumstances(
                arrival.peer(),
                arrival.requestId(),
                body.length(),
                begun == 0 ? -1 : begun - arrival.completeNanos(),
                loggedStatus.equals(StatusLine.CLIENT_GONE) ? Outcome.CLIENT_ABORTED : outcome);
    }

    /** Event loop, when the response has ended: what the access log says. */
    AccessEntry accessEntry(String loggedStatus, long now) {
        return new AccessEntry(
                request,
                StatusLine.firstWord(loggedStatus.isEmpty() ? status : loggedStatus),
                bytesSent - notSent,
                now - arrival.headNanos(),
                headers,
                logEnviron,
                circumstances(loggedStatus));
    }
}
