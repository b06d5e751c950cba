package io.jgunicorn.config.value;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads amounts of memory such as {@code 512M}. */
public final class MemorySize {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([KMGkmg])");

    private MemorySize() {}

    /** Bytes of a whole number of KiB, MiB or GiB; empty if the text is none. */
    public static OptionalLong parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return OptionalLong.empty();
        }
        int shift =
                switch (parts.group(2)) {
                    case "K", "k" -> 10;
                    case "M", "m" -> 20;
                    default -> 30;
                };
        return OptionalLong.of(Long.parseLong(parts.group(1)) << shift);
    }
}
