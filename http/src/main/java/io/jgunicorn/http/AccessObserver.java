package io.jgunicorn.http;

/**
 * Told of requests that have ended, refused ones included, unless their line of the access log has
 * been claimed ({@link Exchange#claimAccessLine}). Called on event loops: must not wait.
 */
@FunctionalInterface
public interface AccessObserver {
    /**
     * A request has ended.
     *
     * @param status first word of the status line
     * @param bytes bytes of the body sent
     * @param nanos from the request's arrival to the end of the response
     */
    void ended(RequestHead request, String status, long bytes, long nanos);
}
