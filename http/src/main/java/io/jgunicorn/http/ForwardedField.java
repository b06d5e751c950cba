package io.jgunicorn.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads a {@code Forwarded} field line (RFC 7239 section 4): {@code for=192.0.2.1;proto=https,
 * for="[2001:db8::1]:4711"}. Strict, because a client may have written the left part of the line to
 * make a proxy's own part look like something else: what does not parse is refused. More lenient
 * than the RFC in two points only: blanks around semicolons, and colons and brackets without
 * quotes.
 */
final class ForwardedField {
    private static final String TOKEN = "!#$%&'*+-.^_`|~";
    private static final String UNQUOTED_VALUE = TOKEN + ":[]";

    private final String line;
    private int at;

    private ForwardedField(String line) {
        this.line = line;
    }

    /**
     * The steps the line names, in its order.
     *
     * @throws RefusedRequestException if it is malformed, or names something twice in one element
     */
    static List<ProxyHop> hops(String line) {
        return new ForwardedField(line).elements();
    }

    private List<ProxyHop> elements() {
        List<ProxyHop> hops = new ArrayList<>();
        do {
            Map<String, String> pairs = element();
            if (!pairs.isEmpty()) {
                hops.add(hop(pairs));
            }
        } while (took(','));
        if (at < line.length()) {
            throw malformed();
        }
        return hops;
    }

    private Map<String, String> element() {
        Map<String, String> pairs = new HashMap<>();
        do {
            skipBlanks();
            String name = unquoted(TOKEN).toLowerCase(Locale.ROOT);
            if (!name.isEmpty()) {
                if (!took('=') || pairs.put(name, value()) != null) {
                    throw malformed();
                }
                skipBlanks();
            }
        } while (took(';'));
        return pairs;
    }

    private String value() {
        if (took('"')) {
            return quoted();
        }
        String value = unquoted(UNQUOTED_VALUE);
        if (value.isEmpty()) {
            throw malformed();
        }
        return value;
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == '"') {
                return value.toString();
            }
            if (c == '\\') {
                if (at == line.length()) {
                    break;
                }
                c = line.charAt(at++);
            }
            value.append(c);
        }
        throw malformed();
    }

    private String unquoted(String signs) {
        int start = at;
        while (at < line.length() && isOneOf(signs, line.charAt(at))) {
            at++;
        }
        return line.substring(start, at);
    }

    private static boolean isOneOf(String signs, char c) {
        return (c < 0x80 && Character.isLetterOrDigit(c)) || signs.indexOf(c) >= 0;
    }

    private void skipBlanks() {
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
            at++;
        }
    }

    private boolean took(char c) {
        boolean there = at < line.length() && line.charAt(at) == c;
        if (there) {
            at++;
        }
        return there;
    }

    private static ProxyHop hop(Map<String, String> pairs) {
        return ProxyHop.node(
                pairs.getOrDefault("for", ""),
                pairs.getOrDefault("host", ""),
                pairs.getOrDefault("proto", ""));
    }

    private RefusedRequestException malformed() {
        return RefusedRequestException.badHeader("FORWARDED");
    }
}
