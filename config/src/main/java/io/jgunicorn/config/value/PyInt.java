package io.jgunicorn.config.value;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads whole numbers as Python's {@code int()} does. */
public final class PyInt {
    private static final Pattern DECIMAL = Pattern.compile("[0-9](_?[0-9])*");
    private static final Pattern ZEROS = Pattern.compile("0(_?0)*");

    private PyInt() {}

    /** {@code int(text)}: decimal; empty when Python would refuse it or it is beyond a long. */
    public static Optional<Long> decimal(String text) {
        String digits = unsigned(text);
        if (!DECIMAL.matcher(digits).matches()) {
            return Optional.empty();
        }
        return number(text, digits, 10);
    }

    /** {@code int(text, 0)}: the prefix tells the base, and 0123 is refused. */
    public static Optional<Long> anyBase(String text) {
        String digits = unsigned(text).toLowerCase(Locale.ROOT);
        if (digits.startsWith("0x")) {
            return prefixed(text, digits, 16, "[0-9a-f]");
        }
        if (digits.startsWith("0o")) {
            return prefixed(text, digits, 8, "[0-7]");
        }
        if (digits.startsWith("0b")) {
            return prefixed(text, digits, 2, "[01]");
        }
        if (digits.startsWith("0") && !ZEROS.matcher(digits).matches()) {
            return Optional.empty();
        }
        return decimal(text);
    }

    /** {@link #anyBase}, but 0NNN is octal: what the command line takes for file modes. */
    public static Optional<Long> fileMode(String text) {
        if (text.matches("0[0-9].*")) {
            return anyBase("0o" + text.substring(1));
        }
        return anyBase(text);
    }

    private static Optional<Long> prefixed(String text, String digits, int base, String digit) {
        String rest = digits.substring(2);
        if (!rest.matches("(_?" + digit + ")+")) {
            return Optional.empty();
        }
        return number(text, rest, base);
    }

    private static String unsigned(String text) {
        String stripped = text.strip();
        return stripped.startsWith("+") || stripped.startsWith("-")
                ? stripped.substring(1)
                : stripped;
    }

    private static Optional<Long> number(String text, String digits, int base) {
        BigInteger value = new BigInteger(digits.replace("_", ""), base);
        if (text.strip().startsWith("-")) {
            value = value.negate();
        }
        return value.bitLength() < Long.SIZE ? Optional.of(value.longValue()) : Optional.empty();
    }
}
