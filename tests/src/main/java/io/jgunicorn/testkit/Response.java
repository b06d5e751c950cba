package io.jgunicorn.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * One HTTP response as it came over the wire.
 *
 * @param headers in order, names with their case
 * @param body after removing the chunked coding; each character is one byte (ISO 8859-1)
 */
public record Response(
        String version, int status, String reason, List<Header> headers, String body) {

    /** One header line. */
    public record Header(String name, String value) {}

    public Response {
        headers = List.copyOf(headers);
    }

    public boolean isOk() {
        return status == 200;
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /** Every value of a header. */
    public List<String> headers(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .toList();
    }

    /** The body decoded as UTF-8. */
    public String text() {
        return new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Whether the server says that it will close the connection after this response. */
    public boolean closesConnection() {
        String connection = header("Connection").orElse("");
        return connection.equalsIgnoreCase("close")
                || (version.equals("HTTP/1.0") && !connection.equalsIgnoreCase("keep-alive"));
    }

    boolean isChunked() {
        return header("Transfer-Encoding").orElse("").equalsIgnoreCase("chunked");
    }

    boolean hasNoBody() {
        return status < 200 || status == 204 || status == 304;
    }

    Response withBody(String newBody) {
        return new Response(version, status, reason, headers, newBody);
    }
}
