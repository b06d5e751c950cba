package io.jgunicorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BalanceTest {
    private final Balance balance = new Balance();

    private void look(int own, int others) {
        balance.look(own, new Neighbours.Lively(1, others));
    }

    private int given() {
        int given = 0;
        while (balance.gives()) {
            given++;
        }
        return given;
    }

    @Test
    void whatIsOverAnEqualShareIsGivenAwayOnce() {
        look(16, 0);
        look(16, 0);

        assertThat(given()).isEqualTo(8);
        look(8, 8);
        assertThat(given()).isZero();
    }

    @Test
    void momentOfUnevennessIsLeftAlone() {
        look(16, 0);
        assertThat(given()).isZero();
        look(9, 7);
        look(16, 0);

        assertThat(given()).isZero();
    }

    @Test
    void littleUnevennessIsLeftAlone() {
        for (int i = 0; i < 5; i++) {
            look(3, 0); // a share is 2
            assertThat(given()).isZero();
            look(60, 40); // a share is 50
            assertThat(given()).isZero();
        }
    }

    @Test
    void nothingIsGivenAwayWhereNobodyTakes() {
        balance.look(1000, Neighbours.NONE.lively());
        balance.look(1000, Neighbours.NONE.lively());

        assertThat(given()).isZero();
    }

    @Test
    void whatWasNotGivenAwayInTimeIsCountedAnew() {
        look(16, 0);
        look(16, 0);
        assertThat(balance.gives()).isTrue();

        look(12, 4);

        assertThat(given()).isEqualTo(4);
        look(9, 7);
        assertThat(balance.gives()).isFalse();
    }
}
