package io.jgunicorn.http;

import java.nio.charset.StandardCharsets;

/** Bytes as HTTP sees them. Pure functions, any thread. */
final class Octets {
    private static final boolean[] TOKEN = new boolean[256];

    static {
        String marks = "!#$%&'*+-.^_`|~";
        for (char c = 0; c < 128; c++) {
            TOKEN[c] =
                    (c >= '0' && c <= '9')
                            || (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || marks.indexOf(c) >= 0;
        }
    }

    private Octets() {}

    /** RFC 9110 section 5.6.2. */
    static boolean isTokenByte(byte b) {
        return TOKEN[b & 0xff];
    }

    /** True if every character is a token character and there is one. */
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 256 || !TOKEN[c]) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    static boolean matches(byte[] bytes, int start, int end, String word) {
        if (end - start != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[start + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Index of the first such byte, or -1. */
    static int indexOf(byte[] bytes, int start, int end, char wanted) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** One character per byte. */
    static String text(byte[] bytes, int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** Percent-decoded, one character per byte, as PATH_INFO is. */
    static String percentDecoded(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            int high = c == '%' && i + 2 < path.length() ? hex(path.charAt(i + 1)) : -1;
            int low = high < 0 ? -1 : hex(path.charAt(i + 2));
            if (low < 0) {
                out.append(c);
            } else {
                out.append((char) (high * 16 + low));
                i += 2;
            }
        }
        return out.toString();
    }

    private static int hex(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }
}
