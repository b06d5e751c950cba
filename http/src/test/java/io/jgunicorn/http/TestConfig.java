package io.jgunicorn.http;

import io.jgunicorn.config.ServerConfig.ClientLimits;
import io.jgunicorn.config.ServerConfig.Forwarding;
import io.jgunicorn.config.ServerConfig.ProxyProtocol;
import io.jgunicorn.config.ServerConfig.RequestLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configuration of a test's server: the defaults, keep-alive of 30 s, and what a test sets. */
final class TestConfig {
    private final Path uploadFolder;

    private ClientLimits clients =
            new ClientLimits(
                    0, Duration.ofMinutes(1), Duration.ofMinutes(1), 0, Duration.ofMinutes(1), 0);
    private Duration keepAlive = Duration.ofSeconds(30);
    private long responseBacklog = 64L << 20;
    private int maxConnections = 1000;
    private Forwarding forwarding =
            new Forwarding(
                    List.of("127.0.0.1", "::1"),
                    Map.of("X-FORWARDED-PROTO", "https"),
                    List.of("SCRIPT_NAME"),
                    "drop",
                    List.of());
    private ProxyProtocol proxyProtocol = new ProxyProtocol("off", List.of());
    private Optional<AccessLog> accessLog = Optional.empty();
    private Optional<AccessObserver> accessObserver = Optional.empty();
    private HttpNotices notices = HttpNotices.silent();

    private TestConfig(Path uploadFolder) {
        this.uploadFolder = uploadFolder;
    }

    static TestConfig spoolingTo(Path uploadFolder) {
        return new TestConfig(uploadFolder);
    }

    TestConfig clients(ClientLimits value) {
        clients = value;
        return this;
    }

    TestConfig keepAlive(Duration value) {
        keepAlive = value;
        return this;
    }

    TestConfig responseBacklog(long value) {
        responseBacklog = value;
        return this;
    }

    TestConfig maxConnections(int value) {
        maxConnections = value;
        return this;
    }

    TestConfig forwarding(Forwarding value) {
        forwarding = value;
        return this;
    }

    TestConfig proxyProtocol(String mode, String... allowIps) {
        proxyProtocol = new ProxyProtocol(mode, List.of(allowIps));
        return this;
    }

    TestConfig accessLog(AccessLog value) {
        accessLog = Optional.of(value);
        return this;
    }

    TestConfig accessObserver(AccessObserver value) {
        accessObserver = Optional.of(value);
        return this;
    }

    TestConfig notices(HttpNotices value) {
        notices = value;
        return this;
    }

    HttpServerConfig build() {
        return new HttpServerConfig(
                new RequestLimits(4094, 100, 8190),
                clients,
                keepAlive,
                uploadFolder,
                responseBacklog,
                maxConnections,
                forwarding,
                proxyProtocol,
                accessLog,
                accessObserver,
                Optional.of(new RequestIds(Optional.of("X-Request-ID"))),
                notices);
    }
}
