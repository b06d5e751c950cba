package io.jgunicorn.http;

import java.nio.file.Path;
import java.util.Map;

/**
 * One request and the response to it. Requests of one connection are handed out one after the
 * other, in order: the next only when the response to the one before has ended. No Netty type
 * crosses this line.
 *
 * <p>Threads: the request side is immutable and readable anywhere. The response side is used by one
 * thread, the one that runs the application, except {@link #expire()}, which a watcher may call at
 * any moment; whoever is first wins.
 */
public interface Exchange {

    RequestHead request();

    RequestBody body();

    /**
     * True once the connection is of no use any more: the client has reset it, or it has been
     * closed here. A client that has sent FIN still counts as present: it may only have finished
     * sending and wait for its answer (RFC 9112 section 9.6), and one that has closed altogether
     * looks the same until it answers our bytes with a reset.
     */
    boolean clientGone();

    /** When the request's head was complete, as {@link System#nanoTime}. */
    default long startedNanos() {
        return 0;
    }

    /** 1 for the first request of its connection, 2 for the next ... */
    default int requestsOnConnection() {
        return 1;
    }

    /** The id of this request; empty if requests have none. */
    default String requestId() {
        return "";
    }

    /** For the log: method, target and id. */
    default String description() {
        String id = requestId().isEmpty() ? "" : " (request " + requestId() + ")";
        return request().method() + " " + request().target() + id;
    }

    /** The application begins with it now: the time it has waited ends. */
    default void begin() {}

    /** Status code of the final response; 0 while none has been chosen or if it is no number. */
    default int statusSent() {
        return 0;
    }

    /** Bytes of the response's body handed to the connection so far, without framing. */
    default long bytesSent() {
        return 0;
    }

    /**
     * Gives values for the access log's {@code {name}e} atoms, keys in lower case. Only needed if
     * {@link AccessLog#environNames} is not empty, and before the call that ends the exchange.
     */
    default void logEnviron(Map<String, String> values) {}

    /**
     * The caller will write the access line of this request: {@link AccessObserver} is not told.
     */
    default void claimAccessLine() {}

    /** False if that was never said, or if the request has expired since: the server told then. */
    default boolean accessLineClaimed() {
        return false;
    }

    /**
     * Sends a complete response and ends the exchange. The server adds Server, Date, Connection and
     * the framing.
     *
     * <p>Never blocks on the client. Without a Content-Length the length of {@code body} is sent
     * (gunicorn would send it chunked). A body longer than the Content-Length is cut, a shorter one
     * is logged and closes the connection.
     *
     * @param status for example {@code 200 OK}
     * @throws IllegalArgumentException if the status holds a control character
     * @throws IllegalStateException if a response has been started
     * @throws ClientGoneException if the connection is closed
     */
    void respond(String status, ResponseHeaders headers, byte[] body) throws ClientGoneException;

    /**
     * Begins a streamed response: nothing is sent before the first {@link #write}, {@link
     * #sendFile} or {@link #finish}. Until then it may be called again, replacing what it was
     * given.
     *
     * @throws IllegalArgumentException if the status holds a control character
     */
    void start(String status, ResponseHeaders headers) throws ClientGoneException;

    /**
     * Sends one piece of the body, framed as the head announced; bytes beyond Content-Length are
     * cut. Blocks while more than the high-water mark (64 KiB) waits for the client; an empty piece
     * sends the head if it has not gone yet.
     *
     * @throws ClientGoneException if the connection is closed, also while blocked
     */
    void write(byte[] piece) throws ClientGoneException;

    /**
     * Sends {@code length} bytes of a file from {@code offset} without copying where the system
     * can. Never blocks on the client: the connection keeps a descriptor of its own and takes its
     * time, also after {@link #finish}. Bytes beyond Content-Length are cut.
     *
     * @throws java.io.UncheckedIOException if the file cannot be opened; nothing has been sent then
     */
    void sendFile(Path file, long offset, long length) throws ClientGoneException;

    /** Ends a streamed response: last chunk, keep-alive or close, access log. */
    void finish() throws ClientGoneException;

    /** True once the head of the response is on its way, so that no other status can be sent. */
    boolean started();

    /**
     * The application failed: sends the 500 page if nothing has been sent, else closes the
     * connection uncleanly so that the client notices. Ends the exchange.
     */
    void fail();

    /**
     * The request missed its deadline: sends the 504 page if nothing has been sent, else closes the
     * connection; whatever the application does afterwards gets a {@link ClientGoneException}.
     * False if the response had already ended.
     */
    boolean expire();

    /**
     * Sends {@code 103 Early Hints} with these headers; nothing on HTTP/1.0 or once the head is
     * out.
     */
    void earlyHints(ResponseHeaders headers) throws ClientGoneException;
}
