package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionLimitTest {
    @ParameterizedTest
    @CsvSource({
        "1024, 256",
        "20000, 5000",
        "1048576, 10000",
        "50, 16",
        "unlimited, 10000",
        "9223372036854775807, 10000"
    })
    void aQuarterOfTheDescriptorsMayBeConnections(String soft, int connections) {
        assertThat(
                        ConnectionLimit.connections(
                                List.of(
                                        "Limit                     Soft Limit   Hard Limit   Units",
                                        "Max processes             9            9            processes",
                                        "Max open files            " + soft + "    99999    files"),
                                4L << 30))
                .isEqualTo(connections);
    }

    @Test
    void usualLimitIsAssumedWhereTheKernelDoesNotTell() {
        assertThat(ConnectionLimit.connections(List.of(), 4L << 30)).isEqualTo(256);
    }

    @Test
    void memoryBoundsThemToo() {
        assertThat(
                        ConnectionLimit.connections(
                                List.of("Max open files            unlimited  unlimited  files"),
                                384L << 20))
                .isEqualTo(3072);
    }
}
