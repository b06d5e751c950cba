package io.jgunicorn.http;

import io.jgunicorn.config.ServerConfig.ClientLimits;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What every connection of one server shares. Immutable but for the registry's own state. */
record ServerContext(
        RequestHandler handler,
        HeadLimits limits,
        ClientLimits clients,
        HttpDecoderConfig decoderConfig,
        Duration keepAlive,
        Path uploadFolder,
        ResponseBacklog backlog,
        ForwardedPolicy forwarded,
        ProxyHeader.Rules proxyProtocol,
        Optional<AccessLog> accessLog,
        Optional<AccessObserver> accessObserver,
        Optional<RequestIds> requestIds,
        HttpNotices notices,
        ServerClock clock,
        ConnectionRegistry registry) {

    static ServerContext of(
            HttpServerConfig config,
            RequestHandler handler,
            ServerClock clock,
            ConnectionRegistry registry) {
        HeadLimits limits = HeadLimits.of(config.limits());
        return new ServerContext(
                handler,
                limits,
                config.clients(),
                RequestDecoder.config(limits),
                config.keepAlive(),
                config.uploadFolder(),
                new ResponseBacklog(config.responseBacklog()),
                new ForwardedPolicy(config.forwarding()),
                ProxyHeader.Rules.of(config.proxyProtocol()),
                config.accessLog(),
                config.accessObserver(),
                config.requestIds(),
                config.notices(),
                clock,
                registry);
    }
}
