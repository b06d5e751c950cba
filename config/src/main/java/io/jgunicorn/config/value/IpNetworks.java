package io.jgunicorn.config.value;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads IP addresses and networks as Python's {@code ipaddress} does, without any look-up. */
public final class IpNetworks {
    private static final Pattern V4 =
            Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]+");

    private IpNetworks() {}

    /**
     * Checks {@code ADDRESS} or {@code ADDRESS/PREFIX}, where no bit after the prefix may be set.
     *
     * @throws InvalidValueException if it is neither
     */
    public static void check(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        Optional<byte[]> address = literal(host);
        if (address.isEmpty()) {
            throw notOne(text);
        }
        if (slash < 0) {
            return;
        }
        int bits = address.get().length * 8;
        int prefix = prefixLength(text.substring(slash + 1), bits);
        if (prefix < 0) {
            throw notOne(text);
        }
        BigInteger hostMask = BigInteger.ONE.shiftLeft(bits - prefix).subtract(BigInteger.ONE);
        if (new BigInteger(1, address.get()).and(hostMask).signum() != 0) {
            throw new InvalidValueException(text + " has host bits set");
        }
    }

    /** The bytes of an address literal. */
    public static Optional<byte[]> literal(String host) {
        boolean v4 = V4.matcher(host).matches();
        boolean v6 = host.indexOf(':') >= 0 && V6.matcher(host).matches();
        if (!v4 && !v6) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(host).getAddress());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static int prefixLength(String text, int bits) {
        if (text.matches("[0-9]{1,3}")) {
            int length = Integer.parseInt(text);
            return length <= bits ? length : -1;
        }
        if (bits != 32 || !V4.matcher(text).matches()) {
            return -1;
        }
        int mask = literal(text).map(bytes -> new BigInteger(1, bytes).intValue()).orElse(1);
        int length = Integer.bitCount(mask);
        return mask == (length == 0 ? 0 : -1 << (32 - length)) ? length : -1;
    }

    private static InvalidValueException notOne(String text) {
        return new InvalidValueException(
                PyText.repr(text) + " does not appear to be an IPv4 or IPv6 network");
    }
}
