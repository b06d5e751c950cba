package io.jgunicorn.http;

/** The one seam towards the worker: what is done with a request. */
public interface RequestHandler {

    /**
     * Takes over a request whose head and body have arrived completely. Called on an event loop:
     * must not block. Everything else happens through the exchange, usually on another thread;
     * exactly one of its ending methods must be called.
     */
    void handle(Exchange exchange);
}
