package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.ProxyProcess;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Behind a real HAProxy: who the application thinks its client is. */
@Tag("product")
class HaproxyIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    @TempDir private Path directory;

    /** What the application sees of a request that came over HAProxy. */
    private String environ(ServerProcess server, String serverOptions) throws IOException {
        String configuration = configuration(server, serverOptions);
        try (ProxyProcess proxy = ProxyProcess.haproxy(directory, configuration);
                RawHttp http = RawHttp.connect(proxy.address())) {
            // HAProxy takes this for what it would be told by a proxy in front of itself.
            http.send("PROXY TCP4 192.0.2.7 198.51.100.8 4711 80\r\n");
            http.get("/environ_dump");
            return http.get("/environ_dump").body();
        }
    }

    private String configuration(ServerProcess server, String serverOptions) {
        int port = ((InetSocketAddress) server.address()).getPort();
        return """
        global
            maxconn 100
        defaults
            mode http
            timeout connect 10s
            timeout client 60s
            timeout server 60s
        frontend front
            bind unix@%s accept-proxy
            default_backend back
        backend back
            server app 127.0.0.1:%d %s
        """
                .formatted(ProxyProcess.front(directory), port, serverOptions);
    }

    @ParameterizedTest
    @CsvSource({"auto, send-proxy", "auto, send-proxy-v2", "v1, send-proxy", "v2, send-proxy-v2"})
    void proxyProtocolNamesTheClient(String mode, String option) throws Exception {
        ServerProcess server =
                SERVERS.start(Launch.app("wsgi_cases:app").args("--proxy-protocol", mode));
        server.awaitReady(1);

        assertThat(environ(server, option))
                .contains("\"REMOTE_ADDR\": \"192.0.2.7\"")
                .contains("\"REMOTE_PORT\": \"4711\"")
                .contains("\"PROXY_PROTOCOL\": \"TCP4\"")
                .contains("\"PROXY_ADDR\": \"198.51.100.8\"")
                .contains("\"PROXY_PORT\": \"80\"");
    }
}
