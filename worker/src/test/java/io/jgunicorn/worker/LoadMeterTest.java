package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ControlMessage.Load;
import org.junit.jupiter.api.Test;

class LoadMeterTest {
    private int busy;
    private int waiting;
    private final LoadMeter meter = new LoadMeter(4, () -> busy, () -> waiting);

    @Test
    void meansOfAllLooksSinceTheLastTime() {
        busy = 1;
        meter.look();
        busy = 3;
        meter.look();

        Load load = meter.take();

        assertThat(load.busy()).isEqualTo(0.5);
        assertThat(load.waiting()).isZero();
        assertThat(load.residentBytes()).isGreaterThan(1 << 20);
        busy = 4;
        meter.look();
        assertThat(meter.take().busy()).isEqualTo(1);
    }

    @Test
    void workerIsBusyWhileARequestWaitsWhateverItsOtherThreadsDo() {
        busy = 1;
        waiting = 2;
        meter.look();
        waiting = 0;
        meter.look();

        Load load = meter.take();

        assertThat(load.busy()).isEqualTo((1 + 0.25) / 2);
        assertThat(load.waiting()).isEqualTo(1);
    }

    @Test
    void looksForItselfWhereNobodyHas() {
        busy = 2;

        assertThat(meter.take().busy()).isEqualTo(0.5);
    }
}
