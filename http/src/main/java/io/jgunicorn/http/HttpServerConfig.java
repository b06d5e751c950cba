package io.jgunicorn.http;

import io.jgunicorn.config.ServerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the HTTP layer needs to know. Immutable.
 *
 * @param limits {@code limit_request_*}
 * @param clients what one client may cost
 * @param keepAlive how long an idle connection stays open after a response; zero closes after each
 *     response
 * @param uploadFolder where bodies above 64 KiB are spooled
 * @param responseBacklog bytes of complete responses that may wait in memory for their clients, of
 *     all connections together
 * @param maxConnections at least 1; accepting pauses while that many are open
 * @param forwarding who may speak for a client, and {@code header_map}
 * @param proxyProtocol whether connections may begin with a PROXY protocol header
 * @param accessLog empty: off, at no cost
 * @param accessObserver told of requests whose access line nobody claims
 * @param requestIds empty: requests have no ids
 * @param notices where warnings go
 */
public record HttpServerConfig(
        ServerConfig.RequestLimits limits,
        ServerConfig.ClientLimits clients,
        Duration keepAlive,
        Path uploadFolder,
        long responseBacklog,
        int maxConnections,
        ServerConfig.Forwarding forwarding,
        ServerConfig.ProxyProtocol proxyProtocol,
        Optional<AccessLog> accessLog,
        Optional<AccessObserver> accessObserver,
        Optional<RequestIds> requestIds,
        HttpNotices notices) {

    /** Checks the ranges. */
    public HttpServerConfig {
        if (keepAlive.isNegative()) {
            throw new IllegalArgumentException("keepAlive is negative: " + keepAlive);
        }
        if (maxConnections < 1) {
            throw new IllegalArgumentException("maxConnections is below 1: " + maxConnections);
        }
    }
}
