package io.jgunicorn.http;

import io.jgunicorn.config.ServerConfig.Forwarding;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which peers may speak for a client and how, and what becomes of field names with an underscore,
 * which WSGI cannot tell from ones with a hyphen. Immutable, any thread.
 */
final class ForwardedPolicy {
    private enum HeaderMap {
        DROP,
        REFUSE,
        DANGEROUS
    }

    private final TrustedNetworks trusted;
    private final Map<String, String> secureSchemeHeaders;
    private final Set<String> forwarderHeaders;
    private final HeaderMap headerMap;
    private final Set<String> followed;
    private final ProxyHeaders removed;

    ForwardedPolicy(Forwarding forwarding) {
        trusted = new TrustedNetworks(forwarding.allowIps());
        Map<String, String> secure = new HashMap<>();
        forwarding
                .secureSchemeHeaders()
                .forEach((name, value) -> secure.put(name.toUpperCase(Locale.ROOT), value));
        secureSchemeHeaders = Map.copyOf(secure);
        forwarderHeaders = upperCase(forwarding.forwarderHeaders());
        headerMap =
                switch (forwarding.headerMap()) {
                    case "dangerous" -> HeaderMap.DANGEROUS;
                    case "refuse" -> HeaderMap.REFUSE;
                    default -> HeaderMap.DROP;
                };
        followed = upperCase(forwarding.proxyHeaders());
        removed =
                new ProxyHeaders.Removed(
                        Stream.concat(
                                        secureSchemeHeaders.keySet().stream(),
                                        forwarderHeaders.stream())
                                .map(ProxyHeaders::plain)
                                .collect(Collectors.toUnmodifiableSet()));
    }

    private static Set<String> upperCase(List<String> names) {
        return names.stream()
                .map(name -> name.toUpperCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What becomes of the fields of proxies in one request ({@code proxy_headers}). */
    ProxyHeaders proxyHeaders(Peer peer) {
        if (followed.isEmpty()) {
            return ProxyHeaders.OFF;
        }
        return peer.forwards() ? new FollowedHeaders(followed, trusted::names) : removed;
    }

    /**
     * Whether the peer may set the scheme and forwarder fields. As in gunicorn that is the peer of
     * the connection, even if it passes on what others write, as proxies do that speak the PROXY
     * protocol; with {@code proxy_headers} it is who has written the fields.
     */
    boolean believes(Peer peer) {
        return followed.isEmpty() ? peer.trusted() : peer.forwards();
    }

    /** Whether an address is trusted by itself, and not only because {@code *} trusts everybody. */
    boolean names(String address) {
        return trusted.names(address);
    }

    /** {@code forwarded_allow_ips} (a Unix peer is always trusted). */
    boolean trusts(InetSocketAddress peer) {
        return trusted.contains(peer);
    }

    boolean dropsUnderscores() {
        return headerMap == HeaderMap.DROP;
    }

    /**
     * True if a field with an underscore in its name is kept.
     *
     * @throws RefusedRequestException under {@code header_map = "refuse"}
     */
    boolean keeps(String name, boolean trustedPeer) {
        if (trustedPeer && (forwarderHeaders.contains(name) || forwarderHeaders.contains("*"))) {
            return true;
        }
        return switch (headerMap) {
            case DROP -> false;
            case DANGEROUS -> true;
            case REFUSE -> throw RefusedRequestException.badHeaderName(name);
        };
    }

    /** Scheme according to one field of a trusted peer; empty if the field says nothing of it. */
    String scheme(String name, String value) {
        String secure = secureSchemeHeaders.get(name);
        if (secure == null) {
            return "";
        }
        return secure.equals(value) ? "https" : "http";
    }
}
