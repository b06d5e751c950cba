package io.jgunicorn.http;

import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What trusted proxies say of the client of one request, in the fields that {@code proxy_headers}
 * names: some of {@code X-Forwarded-For}, {@code -Proto}, {@code -Host} and {@code -Port}, or
 * {@code Forwarded} (RFC 7239). Those it does not name are removed, for a proxy that sets some of
 * them passes on what a client writes into the others.
 *
 * <p>Each proxy adds what it saw at the right end, and a client can write anything at the left. So
 * the way is followed from the right for as long as it names trusted proxies; the first that is
 * none is the client. What names no address ends the way: further left nothing can be believed.
 */
final class FollowedHeaders implements ProxyHeaders {
    private static final String FORWARDED = "FORWARDED";
    private static final String FOR = "X-FORWARDED-FOR";
    private static final String PROTO = "X-FORWARDED-PROTO";
    private static final String HOST = "X-FORWARDED-HOST";
    private static final String PORT = "X-FORWARDED-PORT";

    private static final Set<String> KNOWN = Set.of(FORWARDED, FOR, PROTO, HOST, PORT);

    /** There are not so many proxies on any way. */
    private static final int LONGEST_WAY = 64;

    private static final Pattern LABELS =
            Pattern.compile("[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*\\.?");
    private static final Pattern AUTHORITY =
            Pattern.compile("(" + LABELS.pattern() + "|\\[([0-9A-Fa-f:.]+)])(?::([0-9]*))?");

    /**
     * The server as the client calls it.
     *
     * @param port empty if the client does not say
     */
    private record Asked(String name, String port) {
        String portOr(String usual) {
            return port.isEmpty() ? usual : port;
        }

        /** As in the Host field, which leaves the usual port out. */
        String authority(String usualPort) {
            return portOr(usualPort).equals(usualPort) ? name : name + ":" + port;
        }
    }

    private final Set<String> followed;

    /** Forwarded is followed, and none of the others. */
    private final boolean rfc7239;

    private final Predicate<String> trusted;

    /** Values of X-Forwarded-For, in their order. */
    private final List<String> lines = new ArrayList<>();

    /** Elements of Forwarded, in their order. */
    private final List<ProxyHop> hops = new ArrayList<>();

    private String host = "";
    private String port = "";
    private String proto = "";

    /**
     * @param followed names in upper case, of those known here
     * @param trusted whether an address on the way is that of a proxy whose word is taken for what
     *     is further left
     */
    FollowedHeaders(Set<String> followed, Predicate<String> trusted) {
        this.followed = followed;
        this.rfc7239 = followed.contains(FORWARDED);
        this.trusted = trusted;
    }

    @Override
    public boolean keeps(String name, String value) {
        String plain = ProxyHeaders.plain(name);
        if (!KNOWN.contains(plain)) {
            return true;
        }
        if (!plain.equals(name) || !followed.contains(name)) {
            return false;
        }
        switch (name) {
            case FORWARDED -> {
                hops.addAll(ForwardedField.hops(value));
                if (hops.size() > LONGEST_WAY) {
                    throw RefusedRequestException.badHeader(FORWARDED);
                }
            }
            case FOR -> lines.add(value);
            case PROTO -> proto = last(value, proto);
            case HOST -> host = last(value, host);
            default -> port = last(value, port);
        }
        return true;
    }

    /** Nor may X-Forwarded-Ssl and the like: they are trusted by default, and not named here. */
    @Override
    public boolean leavesTheSchemeTo(String name) {
        return !tellTheScheme() && !name.startsWith("X-FORWARDED-");
    }

    private boolean tellTheScheme() {
        return rfc7239 || followed.contains(PROTO);
    }

    @Override
    public RequestHead applied(RequestHead head) {
        Optional<ProxyHop> client = Optional.empty();
        Iterator<ProxyHop> way = rfc7239 ? hops.reversed().iterator() : forwardedFor();
        while (way.hasNext()) {
            ProxyHop hop = way.next();
            if (rfc7239) {
                host = hop.host(); // what a proxy further on was asked for is no longer of interest
                proto = hop.scheme();
            }
            if (!hop.isKnown()) {
                break;
            }
            client = Optional.of(hop);
            if (!trusted.test(hop.address())) {
                break;
            }
        }
        String scheme = head.scheme();
        if (tellTheScheme()) {
            scheme = proto.equalsIgnoreCase("https") ? "https" : "http";
        }
        String usualPort = scheme.equals("https") ? "443" : "80";
        Optional<Asked> asked = asked(head);
        RequestHead seen =
                new RequestHead(
                        head.method(),
                        head.target(),
                        head.path(),
                        head.query(),
                        head.protocol(),
                        head.headers(),
                        scheme,
                        client.map(ProxyHop::address).orElse(head.client()),
                        client.map(ProxyHop::port).orElse(head.clientPort()),
                        asked.map(Asked::name).orElse(head.server()),
                        asked.map(server -> server.portOr(usualPort)).orElse(head.serverPort()),
                        head.proxied());
        return asked.map(server -> seen.withHost(server.authority(usualPort))).orElse(seen);
    }

    /** The steps X-Forwarded-For names, the last one first; each is read when it is asked for. */
    private Iterator<ProxyHop> forwardedFor() {
        List<String> elements = new ArrayList<>();
        for (String line : lines.reversed()) {
            elements.addAll(fromTheRight(line, LONGEST_WAY - elements.size()));
        }
        return elements.stream().map(ProxyHop::of).iterator();
    }

    /** What the client asked for, if the proxies say anything of it. */
    private Optional<Asked> asked(RequestHead head) {
        if (!port.isEmpty() && !ProxyHop.isPort(port)) {
            throw RefusedRequestException.badHeader(PORT);
        }
        if (host.isEmpty() && port.isEmpty()) {
            return Optional.empty();
        }
        Matcher parts =
                AUTHORITY.matcher(host.isEmpty() ? head.firstValue("HOST").orElse("") : host);
        if (!isAuthority(parts)) {
            if (host.isEmpty()) {
                return Optional.empty(); // a port, and no name to put it to
            }
            throw RefusedRequestException.badHeader(rfc7239 ? FORWARDED : HOST);
        }
        String own = parts.group(3) == null ? "" : parts.group(3);
        return Optional.of(new Asked(parts.group(1), port.isEmpty() ? own : port));
    }

    /** RFC 3986 section 3.2.2, for what names a server of the web: no escapes, no other scripts. */
    private static boolean isAuthority(Matcher parts) {
        return parts.matches()
                && (parts.group(2) == null || NetUtil.isValidIpV6Address(parts.group(2)))
                && (parts.group(3) == null
                        || parts.group(3).isEmpty()
                        || ProxyHop.isPort(parts.group(3)));
    }

    private static String last(String value, String before) {
        List<String> last = fromTheRight(value, 1);
        return last.isEmpty() ? before : last.getFirst();
    }

    /**
     * The parts between commas, at most so many, the last one first. These fields know no quotes;
     * empty parts do not count.
     */
    private static List<String> fromTheRight(String value, int most) {
        List<String> parts = new ArrayList<>();
        int end = value.length();
        while (end >= 0 && parts.size() < most) {
            int comma = value.lastIndexOf(',', end - 1);
            String part = value.substring(comma + 1, end).strip();
            if (!part.isEmpty()) {
                parts.add(part);
            }
            end = comma;
        }
        return parts;
    }
}
