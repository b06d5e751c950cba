package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CpuMeterTest {
    private Optional<Duration> used = Optional.of(Duration.ZERO);
    private int looks;
    private final CpuMeter meter =
            new CpuMeter(
                    _ -> {
                        looks++;
                        return used;
                    });

    private void usedByNow(double seconds) {
        used = Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    private static Duration at(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    @Test
    void shareIsThatOfTheLastSeconds() {
        usedByNow(30);
        meter.look(1, at(100)); // booting took it 30 s of processor time
        usedByNow(30.5);
        meter.look(1, at(105));
        usedByNow(38);
        assertThat(meter.percent(1, at(108))).as("since 100").hasValue(100);

        meter.look(1, at(110));
        usedByNow(39);
        assertThat(meter.percent(1, at(111))).as("since 105: 8.5 s in 6 s").hasValue(142);
    }

    @Test
    void processIsLookedAtOnlyOnceAnInterval() {
        for (int second = 0; second <= 10; second++) {
            meter.look(1, at(second));
        }
        assertThat(looks).isEqualTo(3);
    }

    @Test
    void nothingIsSaidOfProcessesThatAreGoneOrNew() {
        assertThat(meter.percent(1, at(1))).as("never seen").isEmpty();
        meter.look(1, at(1));
        assertThat(meter.percent(1, at(1.5))).as("new").isEmpty();
        used = Optional.empty();
        assertThat(meter.percent(1, at(3))).as("gone").isEmpty();
        usedByNow(1);
        meter.forget(1);
        assertThat(meter.percent(1, at(3))).as("forgotten").isEmpty();
    }
}
