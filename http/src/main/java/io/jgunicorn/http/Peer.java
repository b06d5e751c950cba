package io.jgunicorn.http;

import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Both ends of a connection as texts, made once per connection.
 *
 * @param trusted the peer may set the scheme and forwarder fields; always true on a Unix socket
 * @param forwards the peer may say whom it speaks for, in {@code X-Forwarded-For} and the like;
 *     with a PROXY protocol header this is about the client it names, whose bytes these may be
 * @param proxied what a PROXY protocol header said; client and port are then those it names
 */
record Peer(
        String client,
        String clientPort,
        String server,
        String serverPort,
        boolean trusted,
        boolean forwards,
        Optional<ProxiedConnection> proxied) {

    Peer(String client, String clientPort, String server, String serverPort, boolean trusted) {
        this(client, clientPort, server, serverPort, trusted, trusted, Optional.empty());
    }

    /** Who is at the other end of the connection itself; empty on a Unix socket. */
    String shown() {
        String address = proxied.map(ProxiedConnection::proxy).orElse(client);
        String port = proxied.map(ProxiedConnection::proxyPort).orElse(clientPort);
        if (address.isEmpty()) {
            return "";
        }
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
    }

    /** The client behind the proxy, which {@link #trusted} is still about. */
    Peer behind(ProxiedConnection connection, ForwardedPolicy policy) {
        return new Peer(
                connection.client(),
                connection.clientPort(),
                server,
                serverPort,
                trusted,
                policy.names(connection.client()),
                Optional.of(connection));
    }

    /** The proxy speaks for somebody whose address it does not know. */
    Peer behindUnknown() {
        return new Peer(client, clientPort, server, serverPort, trusted, false, proxied);
    }

    /**
     * @param unixPath path of the listening Unix socket; empty for TCP
     */
    static Peer of(Channel channel, String unixPath, ForwardedPolicy policy) {
        if (!unixPath.isEmpty()) {
            return new Peer("", "", unixPath, "", true);
        }
        if (channel.remoteAddress() instanceof InetSocketAddress remote
                && channel.localAddress() instanceof InetSocketAddress local) {
            return new Peer(
                    NetUtil.toAddressString(remote.getAddress()),
                    Integer.toString(remote.getPort()),
                    NetUtil.toAddressString(local.getAddress()),
                    Integer.toString(local.getPort()),
                    policy.trusts(remote));
        }
        return new Peer("", "", "", "", false); // reset while it was accepted
    }
}
