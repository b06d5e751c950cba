package io.jgunicorn.http;

import java.util.Locale;
import java.util.Map;

/**
 * What the access log says about one request. Immutable.
 *
 * @param status first word of the status line
 * @param bytes bytes of the body sent
 * @param nanos from the request's arrival to the end of the response
 * @param environ values the worker gave for {@code {name}e} atoms; empty if the application has not
 *     seen the request
 */
record AccessEntry(
        RequestHead request,
        String status,
        long bytes,
        long nanos,
        ResponseHeaders response,
        Map<String, String> environ,
        Circumstances circumstances) {

    /** How a request ended. */
    enum Outcome {
        /** As the application wanted. */
        OK,
        /** The application failed, or broke its response off. */
        FAILED,
        /** A deadline was missed, by the application or by the client. */
        TIMED_OUT,
        /** It broke a rule or a limit, and no application has seen it. */
        REFUSED,
        /** The client left before it had its response. */
        CLIENT_ABORTED;

        private final String lowerName = name().toLowerCase(Locale.ROOT);

        /** As a log has it. */
        String lowerName() {
            return lowerName;
        }
    }

    /**
     * What only the JSON log tells.
     *
     * @param peer who is at the other end of the connection: {@code ADDRESS:PORT}, or empty on a
     *     Unix socket
     * @param requestId empty if there are no ids
     * @param bytesIn bytes of the request's body that have arrived
     * @param queueNanos from the request's last byte until the application began; -1 if it did not
     */
    record Circumstances(
            String peer, String requestId, long bytesIn, long queueNanos, Outcome outcome) {}

    /** About how much memory it keeps, in bytes. */
    int weight() {
        int weight = 512 + request.target().length();
        for (RequestHead.Header header : request.headers()) {
            weight += 64 + header.value().length();
        }
        return weight;
    }

    /** A request that never reached the application. */
    static AccessEntry refused(
            RequestHead request,
            RefusedRequestException refused,
            long nanos,
            Circumstances circumstances) {
        return new AccessEntry(
                request,
                StatusLine.firstWord(refused.status()),
                0,
                nanos,
                ResponseHeaders.NONE,
                Map.of(),
                circumstances);
    }
}
