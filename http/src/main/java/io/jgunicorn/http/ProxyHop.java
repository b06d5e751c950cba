package io.jgunicorn.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One step of a request's way, as the proxy at its end told it.
 *
 * @param address where it came from, in its shortest form; empty if the proxy names no address
 * @param port there; 0 if it is not known
 * @param host what the proxy was asked for; empty if it does not say
 * @param scheme of the way, as the proxy writes it; empty if it does not say
 */
record ProxyHop(String address, String port, String host, String scheme) {
    private static final String PART = "(?:0|[1-9][0-9]{0,2})";
    private static final String IPV4 = PART + "(?:\\." + PART + "){3}";
    private static final String IPV6 = "[0-9A-Fa-f:.]+";

    /** Also RFC 7239's obfuscated ports, which begin with an underscore. */
    private static final String PORT = "(?::([0-9]{1,5}|_[A-Za-z0-9._-]+))?";

    private static final Pattern NODE =
            Pattern.compile("(?:(" + IPV4 + ")|\\[(" + IPV6 + ")])" + PORT);
    private static final Pattern STRICT_IPV4 = Pattern.compile(IPV4);
    private static final Pattern PORT_NUMBER = Pattern.compile("[1-9][0-9]{0,4}");
    private static final Pattern BARE_IPV6 = Pattern.compile(IPV6);
    private static final int HIGHEST_PORT = 65_535;
    private static final String UNKNOWN_PORT = "0";

    /** An element of {@code X-Forwarded-For}: an address, of IPv6 also without brackets. */
    static ProxyHop of(String element) {
        boolean severalColons = element.indexOf(':') != element.lastIndexOf(':');
        if (severalColons && BARE_IPV6.matcher(element).matches()) {
            return new ProxyHop(ipv6(element), UNKNOWN_PORT, "", "");
        }
        return node(element, "", "");
    }

    /** A node of RFC 7239 section 6; {@code unknown} and {@code _hidden} name no address. */
    static ProxyHop node(String text, String host, String scheme) {
        Matcher node = NODE.matcher(text);
        if (!node.matches()) {
            return new ProxyHop("", UNKNOWN_PORT, host, scheme);
        }
        String port = node.group(3);
        boolean known = port != null && isPort(port);
        return new ProxyHop(
                node.group(1) == null ? ipv6(node.group(2)) : ipv4(node.group(1)),
                known ? port : UNKNOWN_PORT,
                host,
                scheme);
    }

    private static String ipv4(String literal) {
        return NetUtil.isValidIpV4Address(literal) ? literal : "";
    }

    private static String ipv6(String literal) {
        int last = literal.lastIndexOf(':') + 1;
        boolean endsAsIpv4 = literal.indexOf('.') >= 0;
        boolean clean = !endsAsIpv4 || STRICT_IPV4.matcher(literal.substring(last)).matches();
        return clean && NetUtil.isValidIpV6Address(literal)
                ? NetUtil.toAddressString(InetAddress.ofLiteral(literal))
                : "";
    }

    /** 1 to 65535, without leading zeros. */
    static boolean isPort(String text) {
        return PORT_NUMBER.matcher(text).matches() && Integer.parseInt(text) <= HIGHEST_PORT;
    }

    boolean isKnown() {
        return !address.isEmpty();
    }
}
