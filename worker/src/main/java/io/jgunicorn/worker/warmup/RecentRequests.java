package io.jgunicorn.worker.warmup;

import io.jgunicorn.http.Exchange;
import io.jgunicorn.http.RequestHead;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The latest safe requests (RFC 9110 section 9.2.1) of a worker that were answered well, for the
 * warm-up of those that come after it: {@code recent} in the {@code warmup} setting. Only GET, and
 * of the header fields only those that choose a representation or say how the request came: no
 * cookies, no authorization. Any thread.
 */
public final class RecentRequests {
    /** How many different targets are kept. */
    static final int MOST = 20;

    /** Longest head that is kept, in characters. */
    static final int LONGEST_HEAD = 4096;

    private static final Set<String> FIELDS =
            Set.of(
                    "ACCEPT",
                    "ACCEPT-ENCODING",
                    "ACCEPT-LANGUAGE",
                    "FORWARDED",
                    "HOST",
                    "USER-AGENT",
                    "X-FORWARDED-HOST",
                    "X-FORWARDED-PORT",
                    "X-FORWARDED-PROTO",
                    "X-FORWARDED-PROTOCOL",
                    "X-FORWARDED-SSL");

    /** Heads by target, the one asked for longest ago first. Guarded by this. */
    private final LinkedHashMap<String, String> heads = new LinkedHashMap<>(2 * MOST, 0.75f, true);

    private boolean changed;

    /** An exchange has ended. */
    public void ended(Exchange exchange) {
        int status = exchange.statusSent();
        RequestHead request = exchange.request();
        if (status < 200 || status >= 400 || !request.method().equals("GET")) {
            return;
        }
        synchronized (this) {
            if (heads.get(request.target()) != null) {
                return;
            }
            String head = head(request);
            if (head.length() <= LONGEST_HEAD && request.target().startsWith("/")) {
                heads.put(request.target(), head);
                if (heads.size() > MOST) {
                    heads.pollFirstEntry();
                }
                changed = true;
            }
        }
    }

    /** The heads, oldest first, if there is one that was not there when last asked. */
    public synchronized Optional<List<String>> news() {
        if (!changed) {
            return Optional.empty();
        }
        changed = false;
        return Optional.of(new ArrayList<>(heads.values()));
    }

    private static String head(RequestHead request) {
        StringBuilder head = new StringBuilder("GET ").append(request.target());
        head.append(" HTTP/1.1\r\n");
        for (RequestHead.Header header : request.headers()) {
            if (FIELDS.contains(header.name())) {
                head.append(header.name()).append(": ").append(header.value()).append("\r\n");
            }
        }
        return head.append("\r\n").toString();
    }
}
