package io.jgunicorn.http;

/**
 * What the fields of one request say about its framing and its connection, gathered in one pass.
 * Event loop only. Texts are null while the field has not been seen.
 */
final class RequestFacts {
    private final boolean persistentByDefault;
    private int hosts;
    private int contentTypes;
    private int contentLengths;
    private String contentLength;
    private String transferEncoding;
    private String expect;
    private boolean close;
    private boolean keepAlive;

    /**
     * @param persistentByDefault true for HTTP/1.1 and later, false for HTTP/1.0
     */
    RequestFacts(boolean persistentByDefault) {
        this.persistentByDefault = persistentByDefault;
    }

    /** Takes note of one field; the name in upper case. */
    void note(String name, String value) {
        switch (name) {
            case "HOST" -> hosts++;
            case "CONTENT-TYPE" -> contentTypes++;
            case "CONTENT-LENGTH" -> {
                contentLengths++;
                contentLength = value;
            }
            case "TRANSFER-ENCODING" -> transferEncoding = join(transferEncoding, value);
            case "EXPECT" -> expect = join(expect, value);
            case "CONNECTION" -> connection(value);
            default -> {}
        }
    }

    private static String join(String before, String value) {
        if (before == null) {
            return value;
        }
        return before + "," + value;
    }

    /** RFC 9110 section 7.6.1: a list of tokens in any case. */
    private void connection(String value) {
        int start = 0;
        while (start <= value.length()) {
            int comma = value.indexOf(',', start);
            int end = comma < 0 ? value.length() : comma;
            while (start < end && isBlank(value.charAt(start))) {
                start++;
            }
            int stop = end;
            while (stop > start && isBlank(value.charAt(stop - 1))) {
                stop--;
            }
            int length = stop - start;
            if (length == 5) {
                close |= value.regionMatches(true, start, "close", 0, 5);
            } else if (length == 10) {
                keepAlive |= value.regionMatches(true, start, "keep-alive", 0, 10);
            }
            start = end + 1;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** RFC 9112 section 9.3: {@code close} wins; HTTP/1.0 needs {@code keep-alive}. */
    boolean wantsKeepAlive() {
        return !close && (persistentByDefault || keepAlive);
    }

    /** RFC 9110 section 10.1.1; HTTP/1.0 clients are never sent an interim response. */
    boolean expectsContinue() {
        return expect != null && persistentByDefault;
    }

    boolean persistentByDefault() {
        return persistentByDefault;
    }

    int hosts() {
        return hosts;
    }

    int contentTypes() {
        return contentTypes;
    }

    int contentLengths() {
        return contentLengths;
    }

    String contentLength() {
        return contentLength;
    }

    String transferEncoding() {
        return transferEncoding;
    }

    String expect() {
        return expect;
    }

    /** Announced length of the body in bytes; -1 if chunked. */
    long bodyLength() {
        if (transferEncoding != null) {
            return -1;
        }
        if (contentLength == null) {
            return 0;
        }
        return Long.parseLong(contentLength);
    }
}
