package io.jgunicorn.worker.wsgi;

import io.jgunicorn.http.AccessObserver;
import io.jgunicorn.http.RequestHead;
import io.jgunicorn.python.PythonLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Access lines through Python's logging for requests that the application has not seen, or not to
 * their end: refused ones, and those that missed their deadline.
 */
public record UnseenRequests(PythonLog log) implements AccessObserver {
    @Override
    public void ended(RequestHead request, String status, long bytes, long nanos) {
        Object[] arguments = arguments(request, status, bytes, nanos);
        log.call(logger -> logger.invokeMember("unseen", arguments));
    }

    /** Those of {@code unseen} in worker_log.py. */
    private static Object[] arguments(RequestHead head, String status, long bytes, long nanos) {
        List<Object> all =
                new ArrayList<>(
                        Arrays.asList(
                                status,
                                bytes,
                                TimeUnit.NANOSECONDS.toMicros(nanos),
                                head.method(),
                                head.target(),
                                RequestHead.percentDecoded(head.path()),
                                head.query(),
                                head.protocol(),
                                head.scheme(),
                                head.client(),
                                head.clientPort(),
                                head.serverName(),
                                head.serverPortUsed()));
        for (RequestHead.Header header : head.headers()) {
            all.add(EnvironArguments.cgiName(header.name()));
            all.add(header.value());
        }
        return all.toArray();
    }
}
