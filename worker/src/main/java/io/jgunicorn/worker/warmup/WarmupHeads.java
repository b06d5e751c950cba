package io.jgunicorn.worker.warmup;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.config.WarmupRequest;
import io.jgunicorn.config.WarmupRequests;
import io.jgunicorn.config.value.InvalidValueException;
import io.jgunicorn.http.RequestHead;
import io.jgunicorn.http.RequestText;
import io.jgunicorn.log.ErrorLog;
import java.util.ArrayList;
import java.util.List;

/** What the {@code warmup} setting names, as this worker would have received it. Stateless. */
public final class WarmupHeads {
    private WarmupHeads() {}

    /**
     * The requests that can be replayed. The master has checked the setting at its start; what can
     * no longer be used (a file has changed since, a limit is exceeded) is left out with a warning,
     * because a worker is worth more than its warm-up.
     *
     * @param listeners where the worker listens; the first is what the requests are sent to
     * @param recent what other workers were asked lately
     */
    public static List<RequestHead> of(
            ServerConfig config, List<BindAddress> listeners, List<String> recent, ErrorLog log) {
        List<BindAddress> addresses = listeners.isEmpty() ? config.sockets().bind() : listeners;
        RequestText reader =
                new RequestText(config.limits(), config.forwarding(), addresses.getFirst());
        List<RequestHead> heads = new ArrayList<>();
        try {
            for (WarmupRequest request :
                    WarmupRequests.read(
                            config.warmup().items(), config.process().chdir(), recent)) {
                try {
                    heads.add(reader.read(request.head()));
                } catch (IllegalArgumentException e) {
                    log.warning(
                            "Warm-up request "
                                    + request.name()
                                    + " is left out: "
                                    + e.getMessage());
                }
            }
        } catch (InvalidValueException e) {
            log.warning("Warm-up is left out: " + e.getMessage());
        }
        return heads;
    }
}
