package io.jgunicorn.http;

/**
 * A request that is answered with an error page and never reaches the application. The message is
 * gunicorn's text; it may hold what the client sent and nothing of ours, so it goes both to the
 * client and to the log. Has no stack trace: refusing must stay cheap under attack.
 */
final class RefusedRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String status;

    /**
     * @param status the status line's end, for example {@code 400 Bad Request}
     */
    RefusedRequestException(String status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    static RefusedRequestException badRequest(String message) {
        return new RefusedRequestException("400 Bad Request", message);
    }

    /** gunicorn's text for a field whose value or combination is not acceptable. */
    static RefusedRequestException badHeader(String name) {
        return badRequest("Invalid HTTP Header: '" + name + "'");
    }

    static RefusedRequestException badHeaderName(String name) {
        return badRequest("Invalid HTTP header name: '" + name + "'");
    }

    static RefusedRequestException headersTooLarge(String what) {
        return new RefusedRequestException(
                "431 Request Header Fields Too Large", "Error parsing headers: '" + what + "'");
    }

    String status() {
        return status;
    }
}
