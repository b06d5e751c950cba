package io.jgunicorn.http;

import io.netty.util.AsciiString;
import java.util.List;

/**
 * Field names in upper case without allocating for the common ones: a fixed hash table from bytes
 * in any case to one shared name. Immutable after class loading, any thread.
 */
final class HeaderNames {
    private static final int SLOTS = 512;
    private static final AsciiString[] TABLE = new AsciiString[SLOTS];

    static {
        for (String name :
                List.of(
                        "HOST",
                        "USER-AGENT",
                        "ACCEPT",
                        "ACCEPT-ENCODING",
                        "ACCEPT-LANGUAGE",
                        "ACCEPT-CHARSET",
                        "AUTHORIZATION",
                        "CACHE-CONTROL",
                        "CONNECTION",
                        "CONTENT-LENGTH",
                        "CONTENT-TYPE",
                        "CONTENT-ENCODING",
                        "COOKIE",
                        "DATE",
                        "DNT",
                        "EXPECT",
                        "FORWARDED",
                        "IF-MATCH",
                        "IF-MODIFIED-SINCE",
                        "IF-NONE-MATCH",
                        "IF-RANGE",
                        "KEEP-ALIVE",
                        "ORIGIN",
                        "PRAGMA",
                        "PRIORITY",
                        "RANGE",
                        "REFERER",
                        "SEC-CH-UA",
                        "SEC-CH-UA-MOBILE",
                        "SEC-CH-UA-PLATFORM",
                        "SEC-FETCH-DEST",
                        "SEC-FETCH-MODE",
                        "SEC-FETCH-SITE",
                        "SEC-FETCH-USER",
                        "TE",
                        "TRACEPARENT",
                        "TRACESTATE",
                        "TRANSFER-ENCODING",
                        "UPGRADE",
                        "UPGRADE-INSECURE-REQUESTS",
                        "VIA",
                        "X-CSRFTOKEN",
                        "X-FORWARDED-FOR",
                        "X-FORWARDED-HOST",
                        "X-FORWARDED-PORT",
                        "X-FORWARDED-PROTO",
                        "X-REAL-IP",
                        "X-REQUEST-ID",
                        "X-REQUESTED-WITH")) {
            AsciiString shared = AsciiString.cached(name);
            int slot = slot(shared.array(), shared.arrayOffset(), shared.length());
            while (TABLE[slot] != null) {
                slot = (slot + 1) & (SLOTS - 1);
            }
            TABLE[slot] = shared;
        }
    }

    private HeaderNames() {}

    /** The upper-case name of these bytes, which must be an RFC 9110 token. */
    static AsciiString upperCase(byte[] bytes, int start, int length) {
        if (length > 0) {
            int slot = slot(bytes, start, length);
            AsciiString candidate = TABLE[slot];
            while (candidate != null) {
                if (candidate.length() == length && same(candidate, bytes, start)) {
                    return candidate;
                }
                slot = (slot + 1) & (SLOTS - 1);
                candidate = TABLE[slot];
            }
        }
        byte[] copy = new byte[length];
        for (int i = 0; i < length; i++) {
            copy[i] = upper(bytes[start + i]);
        }
        return new AsciiString(copy, false);
    }

    private static boolean same(AsciiString name, byte[] bytes, int start) {
        byte[] expected = name.array();
        int offset = name.arrayOffset();
        for (int i = 0; i < name.length(); i++) {
            if (expected[offset + i] != upper(bytes[start + i])) {
                return false;
            }
        }
        return true;
    }

    private static int slot(byte[] bytes, int start, int length) {
        int first = upper(bytes[start]);
        int middle = upper(bytes[start + length / 2]);
        int last = upper(bytes[start + length - 1]);
        return (length * 31 + first * 7 + middle * 13 + last * 5) & (SLOTS - 1);
    }

    private static byte upper(byte b) {
        if (b >= 'a' && b <= 'z') {
            return (byte) (b - 32);
        }
        return b;
    }
}
