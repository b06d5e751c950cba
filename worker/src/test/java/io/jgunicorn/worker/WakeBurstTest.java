package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WakeBurstTest {
    private final WakeBurst burst = new WakeBurst();

    @Test
    void doublesWhileAllAreStuckAgainAndAgain() {
        assertThat(IntStream.range(0, 9).map(_ -> burst.look(true)))
                .containsExactly(1, 2, 4, 8, 16, 32, 64, 64, 64);
    }

    @Test
    void wakesNobodyWhileOneMakesProgress() {
        assertThat(burst.look(false)).isZero();
        assertThat(burst.look(true)).isEqualTo(1);
    }

    @Test
    void fallsBackAsSlowlyAsItGrew() {
        IntStream.range(0, 3).forEach(_ -> burst.look(true));
        burst.look(false);
        burst.look(false);

        assertThat(burst.look(true)).isEqualTo(2);
    }
}
