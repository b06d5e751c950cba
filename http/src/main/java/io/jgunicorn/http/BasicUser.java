package io.jgunicorn.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The user in a Basic Authorization field (RFC 7617), read as leniently as gunicorn does for its
 * access log. Pure functions, any thread.
 */
final class BasicUser {
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private BasicUser() {}

    /**
     * What stands before the first colon of the decoded text, or all of it; empty if that is
     * nothing, no base64 or no UTF-8.
     *
     * @param base64 with any other characters in between, which do not count
     */
    static Optional<String> of(String base64) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int bits = 0;
        int held = 0;
        int padding = 0;
        for (int i = 0; i < base64.length() && held + padding < 4; i++) {
            char c = base64.charAt(i);
            int value = ALPHABET.indexOf(c);
            if (c == '=' && held >= 2) {
                padding++;
            } else if (value >= 0) {
                padding = 0;
                bits = bits << 6 | value;
                held++;
                if (held == 4) {
                    bytes.write(bits >> 16);
                    bytes.write(bits >> 8);
                    bytes.write(bits);
                    held = 0;
                }
            }
        }
        if (held > 0 && held + padding < 4) {
            return Optional.empty();
        }
        if (held >= 2) {
            bytes.write(bits >> (held == 2 ? 4 : 10));
        }
        if (held == 3) {
            bytes.write(bits >> 2);
        }
        return user(bytes.toByteArray());
    }

    private static Optional<String> user(byte[] pair) {
        int end = 0;
        while (end < pair.length && pair[end] != ':') {
            end++;
        }
        try {
            String user =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(pair, 0, end))
                            .toString();
            return Optional.of(user).filter(text -> !text.isEmpty());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }
}
