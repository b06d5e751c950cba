package io.jgunicorn.http;

/**
 * What a PROXY protocol header says of the connection behind the proxy.
 *
 * @param protocol {@code TCP4} or {@code TCP6}
 * @param client address of the client
 * @param proxy address the client connected to
 */
public record ProxiedConnection(
        String protocol, String client, String clientPort, String proxy, String proxyPort) {}
