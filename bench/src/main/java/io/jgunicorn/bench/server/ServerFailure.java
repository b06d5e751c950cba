package io.jgunicorn.bench.server;

/** A server did not start, or died. The message is for the person at the terminal. */
public final class ServerFailure extends Exception {
    private static final long serialVersionUID = 1;

    public ServerFailure(String message) {
        super(message);
    }
}
