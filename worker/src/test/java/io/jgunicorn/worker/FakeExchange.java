package io.jgunicorn.worker;

import io.jgunicorn.http.Exchange;
import io.jgunicorn.http.RequestBody;
import io.jgunicorn.http.RequestHead;
import io.jgunicorn.http.ResponseHeaders;
import java.nio.file.Path;

/** A request nobody answers: it has an identity, and a client that may leave. */
final class FakeExchange implements Exchange {
    private volatile boolean gone;
    private volatile boolean failed;

    void leave() {
        gone = true;
    }

    boolean failed() {
        return failed;
    }

    @Override
    public RequestHead request() {
        return Heads.get("/");
    }

    @Override
    public RequestBody body() {
        return new RequestBody.Empty();
    }

    @Override
    public boolean clientGone() {
        return gone;
    }

    @Override
    public void respond(String status, ResponseHeaders headers, byte[] body) {}

    @Override
    public void start(String status, ResponseHeaders headers) {}

    @Override
    public void write(byte[] piece) {}

    @Override
    public void sendFile(Path file, long offset, long length) {}

    @Override
    public void finish() {}

    @Override
    public boolean started() {
        return false;
    }

    @Override
    public void fail() {
        failed = true;
    }

    @Override
    public boolean expire() {
        return true;
    }

    @Override
    public void earlyHints(ResponseHeaders headers) {}
}
