package io.jgunicorn.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Addresses and networks that are trusted with something. Immutable, any thread. Compares prefixes
 * itself: Netty's rule for IPv6 networks also matches addresses outside of them.
 */
final class TrustedNetworks {
    private static final int MAPPED_BYTES = 12;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Network(byte[] address, int bits) {
        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            int whole = bits / 8;
            int rest = bits % 8;
            return Arrays.equals(address, 0, whole, other, 0, whole)
                    && (rest == 0 || (address[whole] ^ other[whole]) >> (8 - rest) == 0);
        }
    }

    private final boolean all;
    private final List<Network> networks;

    /**
     * @param ips addresses, networks ({@code 10.0.0.0/8}, {@code 10.0.0.0/255.0.0.0}), or {@code *}
     *     for all
     */
    TrustedNetworks(List<String> ips) {
        all = ips.contains("*");
        networks =
                ips.stream().filter(ip -> !ip.equals("*")).map(TrustedNetworks::network).toList();
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
        int bits = slash < 0 ? address.length * 8 : bits(text.substring(slash + 1));
        if (address.length == 16 && isMapped(address)) {
            return new Network(
                    Arrays.copyOfRange(address, MAPPED_BYTES, 16),
                    Math.max(0, bits - MAPPED_BYTES * 8));
        }
        return new Network(address, bits);
    }

    private static byte[] bytes(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            throw new IllegalArgumentException("no IP address: " + address);
        }
        return bytes;
    }

    /** ::ffff:192.0.2.1, which the JDK takes for 192.0.2.1. */
    private static boolean isMapped(byte[] address) {
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address[10] == -1 && address[11] == -1;
    }

    /** A length of a prefix, or a mask of IPv4. */
    private static int bits(String text) {
        if (text.indexOf('.') < 0) {
            return Integer.parseInt(text);
        }
        int bits = 0;
        for (byte part : bytes(text)) {
            bits += Integer.bitCount(part & 0xff);
        }
        return bits;
    }

    /**
     * Whether the address is inside, and not only because {@code *} trusts everybody.
     *
     * @param literal an IP address; nothing else is inside
     */
    boolean names(String literal) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(literal);
        return address != null && networks.stream().anyMatch(network -> network.contains(address));
    }

    boolean contains(InetSocketAddress peer) {
        InetAddress address = peer.getAddress();
        if (all) {
            return true;
        }
        byte[] bytes = address == null ? new byte[0] : address.getAddress();
        return networks.stream().anyMatch(network -> network.contains(bytes));
    }
}
