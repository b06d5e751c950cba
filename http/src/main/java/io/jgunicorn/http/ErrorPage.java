package io.jgunicorn.http;

import java.nio.charset.StandardCharsets;

/**
 * gunicorn's error page, byte for byte: always HTTP/1.1, always {@code Connection: close}, without
 * Server and Date, the same for HEAD. Pure functions, any thread.
 */
final class ErrorPage {
    private ErrorPage() {}

    /**
     * The whole response.
     *
     * @param status code and reason, for example {@code 400 Bad Request}
     * @param message plain text, escaped here; may be empty
     */
    static byte[] render(String status, String message) {
        String reason = status.substring(status.indexOf(' ') + 1);
        String body =
                "<html>\n  <head>\n    <title>"
                        + reason
                        + "</title>\n  </head>\n  <body>\n    <h1><p>"
                        + reason
                        + "</p></h1>\n    "
                        + escape(message)
                        + "\n  </body>\n</html>\n";
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        String head =
                "HTTP/1.1 "
                        + status
                        + "\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: "
                        + bytes.length
                        + "\r\n\r\n";
        byte[] page = new byte[head.length() + bytes.length];
        byte[] headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(headBytes, 0, page, 0, headBytes.length);
        System.arraycopy(bytes, 0, page, headBytes.length, bytes.length);
        return page;
    }

    private static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 32);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#x27;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }
}
