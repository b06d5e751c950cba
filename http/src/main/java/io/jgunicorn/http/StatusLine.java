package io.jgunicorn.http;

/** What a status text such as {@code 204 No Content} means. Pure functions, any thread. */
final class StatusLine {
    /** Only ever in the access log: the client left before it had its response. */
    static final String CLIENT_GONE = "499";

    private static final String OK = "200 OK";

    private StatusLine() {}

    /** Refuses what would break the response's head. */
    static void check(String status) {
        for (int i = 0; i < status.length(); i++) {
            char c = status.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException("Invalid HTTP status: '" + status + "'");
            }
        }
    }

    /** 100 to 999, or 0 if the text does not begin with three digits. */
    static int code(String status) {
        if (status.length() < 3 || (status.length() > 3 && status.charAt(3) != ' ')) {
            return 0;
        }
        int code = 0;
        for (int i = 0; i < 3; i++) {
            int digit = status.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            code = code * 10 + digit;
        }
        return code;
    }

    /** RFC 9110 section 8.6: neither body nor Content-Length. */
    static boolean hasNoContent(String status) {
        int code = code(status);
        return code == 204 || (code >= 100 && code < 200);
    }

    static String firstWord(String status) {
        if (status.equals(OK)) {
            return "200";
        }
        int space = status.indexOf(' ');
        return space < 0 ? status : status.substring(0, space);
    }

    static String tooShort(long sent, long announced, RequestHead request) {
        return "Response to "
                + request.method()
                + " "
                + request.path()
                + " has "
                + sent
                + " bytes, its Content-Length says "
                + announced
                + ": closing the connection";
    }

    static String droppedBody(RequestHead request, String status) {
        return "WSGI app sent body bytes on a no-body response (method="
                + request.method()
                + " status="
                + firstWord(status)
                + "); dropping per RFC 9110.";
    }
}
