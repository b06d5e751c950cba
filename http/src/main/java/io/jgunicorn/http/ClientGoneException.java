package io.jgunicorn.http;

import java.io.IOException;

/** The client has left (or the request has expired): nothing more can be sent. */
public final class ClientGoneException extends IOException {
    public ClientGoneException(String message) {
        super(message);
    }
}
