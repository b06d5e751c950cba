package io.jgunicorn.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.Response;
import io.jgunicorn.testkit.ServerProcess;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/**
 * Requests that several tests make, each on a connection of its own, and bodies for them. One
 * character is one byte, as in {@link RawHttp}.
 */
final class Requests {
    /** Goes with {@link #form}. */
    static final String MULTIPART = "Content-Type: multipart/form-data; boundary=cut";

    private Requests() {}

    static Response get(ServerProcess server, String target, String... headerLines)
            throws IOException {
        try (RawHttp http = server.connect()) {
            return http.request("GET", target, "", headerLines);
        }
    }

    /** Status and headers; fails if a body follows them. */
    static Response head(ServerProcess server, String target) throws IOException {
        try (RawHttp http = server.connect()) {
            Response head = http.request("HEAD", target, "", "Connection: close");
            assertThat(http.readToEnd()).as("what follows the answer to HEAD %s", target).isEmpty();
            return head;
        }
    }

    static Response post(ServerProcess server, String target, String body, String... headerLines)
            throws IOException {
        try (RawHttp http = server.connect()) {
            return http.request("POST", target, body, headerLines);
        }
    }

    /** A POST whose body has no announced length. */
    static Response postChunked(ServerProcess server, String target, String chunks)
            throws IOException {
        try (RawHttp http = server.connect()) {
            http.send("POST " + target + " HTTP/1.1\r\nHost: test\r\n");
            http.send("Transfer-Encoding: chunked\r\n\r\n");
            return http.send(chunks).send("0\r\n\r\n").read();
        }
    }

    /** A body in chunks of these sizes, again and again; the last chunk, of size 0, is missing. */
    static String chunks(String body, int... sizes) {
        StringBuilder chunks = new StringBuilder();
        int position = 0;
        for (int i = 0; position < body.length(); i++) {
            int end = Math.min(position + sizes[i % sizes.length], body.length());
            chunks.append(Integer.toHexString(end - position)).append("\r\n");
            chunks.append(body, position, end).append("\r\n");
            position = end;
        }
        return chunks.toString();
    }

    /** What a browser sends for a form with a text field {@code note} and a {@code file}. */
    static String form(String note, String file) {
        String form =
                """
                --cut\r
                Content-Disposition: form-data; name="note"\r
                \r
                %s\r
                --cut\r
                Content-Disposition: form-data; name="file"; filename="data.bin"\r
                Content-Type: application/octet-stream\r
                \r
                %s\r
                --cut--\r
                """
                        .formatted(note, file);
        return form;
    }

    /** So many bytes of every value, always the same ones. */
    static String bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return new String(bytes, ISO_8859_1);
    }

    static String sha256(String bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(bytes.getBytes(ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java runtime has SHA-256", e);
        }
    }
}
