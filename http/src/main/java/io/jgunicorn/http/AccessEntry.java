package io.jgunicorn.http;

import java.util.Map;

/**
 * What the access log says about one request. Immutable.
 *
 * @param status first word of the status line
 * @param bytes bytes of the body sent
 * @param nanos from the request's arrival to the end of the response
 * @param environ values the worker gave for {@code {name}e} atoms that {@link EnvironKeys} does not
 *     know
 */
record AccessEntry(
        RequestHead request,
        String status,
        long bytes,
        long nanos,
        ResponseHeaders response,
        Map<String, String> environ) {

    /** A request that never reached the application. */
    static AccessEntry refused(RequestHead request, RefusedRequestException refused, long nanos) {
        return new AccessEntry(
                request,
                StatusLine.firstWord(refused.status()),
                0,
                nanos,
                ResponseHeaders.NONE,
                Map.of());
    }
}
