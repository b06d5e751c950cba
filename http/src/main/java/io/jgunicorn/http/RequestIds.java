package io.jgunicorn.http;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Gives each request an id: what a trusted peer says it is, else one made here, 32 random
 * hexadecimal digits. Immutable, any thread.
 */
public final class RequestIds {
    /** Nothing that would have to be escaped anywhere. */
    private static final Pattern ACCEPTABLE = Pattern.compile("[A-Za-z0-9._~:/+=@-]{1,128}");

    private final Optional<String> field;

    /**
     * @param header name of the field in which trusted peers send an id; empty: it is always made
     */
    public RequestIds(Optional<String> header) {
        this.field = header.map(name -> name.toUpperCase(Locale.ROOT));
    }

    String of(RequestHead head, boolean trusted) {
        if (trusted && field.isPresent()) {
            Optional<String> sent =
                    head.firstValue(field.get()).filter(id -> ACCEPTABLE.matcher(id).matches());
            if (sent.isPresent()) {
                return sent.get();
            }
        }
        return made();
    }

    private static String made() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        char[] digits = new char[32];
        for (int half = 0; half < 2; half++) {
            long bits = random.nextLong();
            for (int i = 0; i < 16; i++) {
                digits[half * 16 + i] = Character.forDigit((int) (bits >>> (i * 4)) & 15, 16);
            }
        }
        return new String(digits);
    }
}
