package io.jgunicorn.http;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a request came from according to the proxies on its way: {@code Forwarded} (RFC 7239) or
 * else {@code X-Forwarded-For}, {@code -Host}, {@code -Port}. Only for a peer that is trusted.
 *
 * <p>Each proxy adds what it saw at the right end, and a client can write anything at the left. So
 * the chain is read from the right for as long as it names trusted proxies; the first that is none
 * is the client. What is no address ends the chain: further left nothing can be believed.
 */
final class ForwardedClient {
    private static final String FORWARDED = "FORWARDED";
    private static final String FOR = "X-FORWARDED-FOR";
    private static final String HOST = "X-FORWARDED-HOST";
    private static final String PORT = "X-FORWARDED-PORT";

    /** Names by which proxies say whom they speak for, apart from {@code X-Forwarded-*}. */
    private static final List<String> OTHERS =
            List.of(
                    FORWARDED,
                    "X-REAL-IP",
                    "X-CLIENT-IP",
                    "X-CLUSTER-CLIENT-IP",
                    "TRUE-CLIENT-IP",
                    "CF-CONNECTING-IP",
                    "FASTLY-CLIENT-IP",
                    "X-ORIGINAL-FORWARDED-FOR",
                    "X-ENVOY-EXTERNAL-ADDRESS",
                    "X-HTTPS",
                    "FRONT-END-HTTPS",
                    "X-SCHEME",
                    "X-URL-SCHEME",
                    "X-ORIGINAL-HOST",
                    "X-HOST");

    /**
     * One step of the way.
     *
     * @param port empty if it is not known
     * @param host what the proxy was asked for; empty if it does not say
     * @param scheme empty if it does not say
     */
    private record Hop(String address, String port, String host, String scheme) {}

    private final List<String> forwarded = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();
    private String host = "";
    private String port = "";

    /** Whether a field says something about the client that only a trusted proxy may say. */
    static boolean speaksForAClient(String name) {
        String plain = name.indexOf('_') < 0 ? name : name.replace('_', '-');
        return plain.startsWith("X-FORWARDED-") || OTHERS.contains(plain);
    }

    /** Takes note of one field; the name in upper case. */
    void note(String name, String value) {
        switch (name) {
            case FORWARDED -> forwarded.addAll(elements(value, ','));
            case FOR -> addresses.addAll(elements(value, ','));
            case HOST -> host = last(value);
            case PORT -> port = last(value);
            default -> {}
        }
    }

    /** The request as its client made it. */
    RequestHead applied(RequestHead head, TrustedNetworks proxies) {
        Optional<Hop> client = client(proxies);
        String asked = client.map(Hop::host).filter(h -> !h.isEmpty()).orElse(host);
        String scheme = client.map(Hop::scheme).filter(s -> !s.isEmpty()).orElse(head.scheme());
        boolean named = isHost(asked);
        return new RequestHead(
                head.method(),
                head.target(),
                head.path(),
                head.query(),
                head.protocol(),
                named ? withHost(head.headers(), asked) : head.headers(),
                scheme,
                client.map(Hop::address).orElse(head.client()),
                client.map(Hop::port).orElse(head.clientPort()),
                head.server(),
                isPort(port) ? port : head.serverPort(),
                head.proxied());
    }

    private Optional<Hop> client(TrustedNetworks proxies) {
        List<Hop> way = new ArrayList<>();
        if (forwarded.isEmpty()) {
            addresses.forEach(text -> way.add(hop(text, "", "")));
        } else {
            forwarded.forEach(text -> way.add(element(text)));
        }
        Hop client = null;
        for (Hop hop : way.reversed()) {
            if (hop.address().isEmpty()) {
                break;
            }
            client = hop;
            if (!proxies.contains(
                    new InetSocketAddress(
                            NetUtil.createInetAddressFromIpAddressString(hop.address()), 0))) {
                break;
            }
        }
        return Optional.ofNullable(client);
    }

    /** RFC 7239 section 4: {@code for=192.0.2.1;proto=https;host="example.com:8080"}. */
    private static Hop element(String text) {
        String address = "";
        String host = "";
        String scheme = "";
        for (String pair : elements(text, ';')) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                continue;
            }
            String value = unquoted(pair.substring(equals + 1).strip());
            switch (pair.substring(0, equals).strip().toLowerCase(Locale.ROOT)) {
                case "for" -> address = value;
                case "host" -> host = value;
                case "proto" -> {
                    String proto = value.toLowerCase(Locale.ROOT);
                    scheme = proto.equals("http") || proto.equals("https") ? proto : "";
                }
                default -> {}
            }
        }
        return hop(address, host, scheme);
    }

    /** An address, with or without port: {@code 192.0.2.1:80}, {@code [2001:db8::1]:80}. */
    private static Hop hop(String text, String host, String scheme) {
        String address = text;
        String port = "";
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end > 0) {
                address = text.substring(1, end);
                port = text.substring(end + 1);
            }
        } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
            address = text.substring(0, text.indexOf(':'));
            port = text.substring(text.indexOf(':'));
        }
        boolean known = NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address);
        String number = port.startsWith(":") && isPort(port.substring(1)) ? port.substring(1) : "0";
        return new Hop(known ? address : "", number, host, scheme);
    }

    private static boolean isPort(String text) {
        return !text.isEmpty()
                && text.length() <= 5
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(text) <= 65535;
    }

    /** RFC 3986 section 3.2.2, as far as a server needs to know: no delimiters of other parts. */
    private static boolean isHost(String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c -> c > 0x20 && c < 0x7f && "/?#@\\\"<>^`{|},;".indexOf(c) < 0);
    }

    private static List<RequestHead.Header> withHost(
            List<RequestHead.Header> headers, String host) {
        List<RequestHead.Header> changed = new ArrayList<>();
        changed.add(new RequestHead.Header("HOST", host));
        headers.stream().filter(h -> !h.name().equals("HOST")).forEach(changed::add);
        return List.copyOf(changed);
    }

    private static String last(String value) {
        List<String> all = elements(value, ',');
        return all.isEmpty() ? "" : all.getLast();
    }

    /** The parts between separators that are not inside quotes, trimmed, empty ones left out. */
    private static List<String> elements(String value, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i == value.length() || (value.charAt(i) == separator && !quoted)) {
                String part = value.substring(start, i).strip();
                if (!part.isEmpty()) {
                    parts.add(part);
                }
                start = i + 1;
            } else if (value.charAt(i) == '"') {
                quoted = !quoted;
            } else if (value.charAt(i) == '\\' && quoted) {
                i++;
            }
        }
        return parts;
    }

    private static String unquoted(String text) {
        if (text.length() < 2 || !text.startsWith("\"") || !text.endsWith("\"")) {
            return text;
        }
        return text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1");
    }
}
