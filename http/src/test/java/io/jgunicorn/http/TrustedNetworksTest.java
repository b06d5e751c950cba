package io.jgunicorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedNetworksTest {
    private static boolean contains(String network, String address) throws Exception {
        return new TrustedNetworks(List.of("192.0.2.1", network))
                .contains(new InetSocketAddress(InetAddress.ofLiteral(address), 80));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/255.0.0.0, 10.255.1.2, true",
        "10.0.0.0/255.0.0.0, 11.0.0.0, false",
        "10.1.2.0/23, 10.1.3.255, true",
        "10.1.2.0/23, 10.1.4.0, false",
        "0.0.0.0/0, 203.0.113.7, true",
        "0.0.0.0/0, ::1, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.4, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "fc00::/7, fd12::1, true",
        "fc00::/7, fe80::1, false",
        "2000::/3, fe80::1, false",
        "::1, ::1, true",
        "::1, ::2, false",
        "::ffff:10.1.2.3, 10.1.2.3, true",
        "::ffff:10.1.0.0/112, 10.1.2.3, true",
        "::ffff:10.1.0.0/112, 10.2.2.3, false",
        "*, 203.0.113.7, true",
        "10.0.0.0/8, 192.0.2.1, true"
    })
    void addressIsInsideOrOutside(String network, String address, boolean inside) throws Exception {
        assertThat(contains(network, address)).isEqualTo(inside);
    }

    @Test
    void nobodyIsTrustedByDefault() {
        assertThat(
                        new TrustedNetworks(List.of())
                                .contains(
                                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)))
                .isFalse();
    }
}
