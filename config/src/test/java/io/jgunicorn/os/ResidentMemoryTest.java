package io.jgunicorn.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {
    @Test
    void readsTheLineOfTheKernel() {
        assertThat(
                        ResidentMemory.of(
                                List.of("VmHWM:\t  9999 kB", "VmRSS:\t  1536 kB", "RssAnon: 7 kB")))
                .hasValue(1536 << 10);
    }

    @Test
    void isNothingWhereTheKernelDoesNotTell() {
        assertThat(ResidentMemory.of(List.of("Name:\tjava"))).isEmpty();
    }

    @Test
    void countsThisProcess() {
        assertThat(ResidentMemory.ofThis()).isBetween(10L << 20, 64L << 30);
    }
}
