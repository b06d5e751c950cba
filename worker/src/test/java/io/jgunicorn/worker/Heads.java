package io.jgunicorn.worker;

import io.jgunicorn.http.RequestHead;
import java.util.List;
import java.util.Optional;

/** Requests for tests. */
public final class Heads {
    private Heads() {}

    /** A GET without header fields. */
    public static RequestHead get(String target) {
        return of("GET", target, List.of());
    }

    /** From nobody to nobody; the target is the path. */
    public static RequestHead of(String method, String target, List<RequestHead.Header> headers) {
        return new RequestHead(
                method,
                target,
                target,
                "",
                "HTTP/1.1",
                headers,
                "http",
                "",
                "",
                "",
                "",
                Optional.empty());
    }
}
