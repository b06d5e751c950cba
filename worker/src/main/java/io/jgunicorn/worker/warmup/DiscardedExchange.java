package io.jgunicorn.worker.warmup;

import io.jgunicorn.http.ClientGoneException;
import io.jgunicorn.http.Exchange;
import io.jgunicorn.http.RequestBody;
import io.jgunicorn.http.RequestHead;
import io.jgunicorn.http.ResponseHeaders;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A request nobody waits for: of its response only the status is kept. Response side: the thread
 * that replays; {@link #expire} any thread.
 */
final class DiscardedExchange implements Exchange {
    private static final RequestBody EMPTY = new RequestBody.Empty();

    private static final Pattern CODE = Pattern.compile("[0-9]{3}(?![^ ])");

    private final RequestHead head;
    private String status = "";
    private boolean started;
    private volatile boolean expired;

    DiscardedExchange(RequestHead head) {
        this.head = head;
    }

    @Override
    public RequestHead request() {
        return head;
    }

    @Override
    public RequestBody body() {
        return EMPTY;
    }

    @Override
    public boolean clientGone() {
        return expired;
    }

    /** Code and reason of the response; empty if there was none. */
    String status() {
        return status;
    }

    @Override
    public int statusSent() {
        return CODE.matcher(status).lookingAt() ? Integer.parseInt(status.substring(0, 3)) : 0;
    }

    @Override
    public void respond(String status, ResponseHeaders headers, byte[] body)
            throws ClientGoneException {
        start(status, headers);
        finish();
    }

    @Override
    public void start(String status, ResponseHeaders headers) throws ClientGoneException {
        requirePresent();
        this.status = status;
    }

    @Override
    public void write(byte[] piece) throws ClientGoneException {
        requirePresent();
        started = true;
    }

    @Override
    public void sendFile(Path file, long offset, long length) throws ClientGoneException {
        requirePresent();
        started = true;
    }

    @Override
    public void finish() throws ClientGoneException {
        requirePresent();
        started = true;
    }

    @Override
    public boolean started() {
        return started;
    }

    /** Nothing is sent to anybody: whoever called this has reported why. */
    @Override
    public void fail() {}

    @Override
    public boolean expire() {
        expired = true;
        return true;
    }

    @Override
    public void earlyHints(ResponseHeaders headers) throws ClientGoneException {
        requirePresent();
    }

    private void requirePresent() throws ClientGoneException {
        if (expired) {
            throw new ClientGoneException("the warm-up is over");
        }
    }
}
