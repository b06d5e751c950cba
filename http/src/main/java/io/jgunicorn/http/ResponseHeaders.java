package io.jgunicorn.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The header fields an application gave, checked: RFC 9110 section 5 names and values, no
 * hop-by-hop fields. Immutable.
 *
 * @param fields in order, names with their case
 */
public record ResponseHeaders(List<Field> fields) {
    static final ResponseHeaders NONE = new ResponseHeaders(List.of());

    /** One header field. */
    public record Field(String name, String value) {}

    /** Keeps its own copy of the list. */
    public ResponseHeaders {
        fields = List.copyOf(fields);
    }

    /**
     * Checks and filters what an application passed to {@code start_response}. Values are trimmed
     * of blanks. Fields that only the server may send are left out: Connection, Keep-Alive,
     * Proxy-Authenticate, Proxy-Authorization, TE, Trailers, Transfer-Encoding, Upgrade, Server,
     * Date.
     *
     * @param flat name, value, name, value ... joined by LF, with no LF at the end; one text,
     *     because one crossing from Python is cheaper than many
     * @param count number of fields; 0 means {@code flat} is ignored
     * @throws IllegalArgumentException for a bad name or value, with gunicorn's text
     */
    public static ResponseHeaders parse(String flat, int count) {
        if (count == 0) {
            return NONE;
        }
        List<Field> fields = new ArrayList<>(count);
        int position = 0;
        for (int i = 0; i < count; i++) {
            int nameEnd = position > flat.length() ? -1 : flat.indexOf('\n', position);
            if (nameEnd < 0) {
                throw wrongCount(count);
            }
            int valueEnd = flat.indexOf('\n', nameEnd + 1);
            if (valueEnd < 0) {
                valueEnd = flat.length();
            }
            String name = flat.substring(position, nameEnd);
            if (!Octets.isToken(name)) {
                throw new IllegalArgumentException("Invalid HTTP header name: '" + name + "'");
            }
            String value = trimmed(flat, nameEnd + 1, valueEnd);
            checkValue(name, value);
            if (!serverOnly(name)) {
                fields.add(new Field(name, value));
            }
            position = valueEnd + 1;
        }
        if (position <= flat.length()) {
            throw wrongCount(count);
        }
        return new ResponseHeaders(fields);
    }

    /** A LF inside a name or value shows as a wrong number of parts: header injection. */
    private static IllegalArgumentException wrongCount(int count) {
        return new IllegalArgumentException(
                "Invalid HTTP Header: a name or value holds a line break (" + count + " fields)");
    }

    private static String trimmed(String flat, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && isBlank(flat.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(flat.charAt(to - 1))) {
            to--;
        }
        return flat.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static void checkValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException("Invalid HTTP Header: '" + value + "'");
            }
        }
        if (name.length() == 14 && name.equalsIgnoreCase("Content-Length") && !isLength(value)) {
            throw new IllegalArgumentException("Invalid HTTP Header: '" + value + "'");
        }
    }

    private static boolean isLength(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return !value.isEmpty() && value.length() <= 18;
    }

    private static boolean serverOnly(String name) {
        return switch (name.length()) {
            case 2, 4, 6, 7, 8, 10, 17, 18, 19 ->
                    switch (name.toLowerCase(Locale.ROOT)) {
                        case "connection",
                                "keep-alive",
                                "proxy-authenticate",
                                "proxy-authorization",
                                "te",
                                "trailers",
                                "transfer-encoding",
                                "upgrade",
                                "server",
                                "date" ->
                                true;
                        default -> false;
                    };
            default -> false;
        };
    }

    /** Value of Content-Length in bytes; -1 if the application gave none. */
    long contentLength() {
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            if (isContentLength(field.name())) {
                return Long.parseLong(field.value());
            }
        }
        return -1;
    }

    static boolean isContentLength(String name) {
        return name.length() == 14 && name.equalsIgnoreCase("Content-Length");
    }
}
