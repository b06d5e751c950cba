/**
 * Bytes to requests and responses to bytes. Every Netty HTTP type lives here; the worker sees only
 * {@link io.jgunicorn.http.RequestHandler} and {@link io.jgunicorn.http.Exchange}. Everything not
 * said otherwise runs on the event loop of the connection.
 */
package io.jgunicorn.http;
