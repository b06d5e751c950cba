package io.jgunicorn.bench.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PinningTest {
    @Test
    void twoProcessorsAreSharedAndTheReportSaysSo() {
        Pinning pinning = Pinning.of(2);

        assertThat(pinning.server()).isEmpty();
        assertThat(pinning.client()).isEmpty();
        assertThat(pinning.description()).contains("not pinned");
    }

    @Test
    void fromFourOnEachSideGetsHalf() {
        Pinning pinning = Pinning.of(8);

        assertThat(pinning.server()).isEqualTo(List.of("taskset", "-c", "0-3"));
        assertThat(pinning.client()).isEqualTo(List.of("taskset", "-c", "4-7"));
        assertThat(pinning.clientProcessors()).isEqualTo(4);
        assertThat(pinning.description()).contains("0-3").contains("4-7");
    }

    @Test
    void oddProcessorGoesToTheServer() {
        assertThat(Pinning.of(5).server().getLast()).isEqualTo("0-2");
        assertThat(Pinning.of(5).client().getLast()).isEqualTo("3-4");
    }
}
