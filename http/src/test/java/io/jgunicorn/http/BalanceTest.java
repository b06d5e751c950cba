package io.jgunicorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BalanceTest {
    private final Balance balance = new Balance();

    private record Others(int accepting, int total) implements Neighbours {
        @Override
        public void publish(int connections) {}

        @Override
        public void withdraw() {}

        @Override
        public int fewest() {
            return 0;
        }
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
        balance.look(16, new Others(1, 0));
        balance.look(16, new Others(1, 0));

        assertThat(given()).isEqualTo(8);
        balance.look(8, new Others(1, 8));
        assertThat(given()).isZero();
    }

    @Test
    void momentOfUnevennessIsLeftAlone() {
        balance.look(16, new Others(1, 0));
        assertThat(given()).isZero();
        balance.look(9, new Others(1, 7));
        balance.look(16, new Others(1, 0));

        assertThat(given()).isZero();
    }

    @Test
    void littleUnevennessIsLeftAlone() {
        for (int i = 0; i < 5; i++) {
            balance.look(3, new Others(1, 0)); // a share is 2
            assertThat(given()).isZero();
            balance.look(60, new Others(1, 40)); // a share is 50
            assertThat(given()).isZero();
        }
    }

    @Test
    void nothingIsGivenAwayWhereNobodyTakes() {
        balance.look(1000, Neighbours.NONE);
        balance.look(1000, Neighbours.NONE);

        assertThat(given()).isZero();
    }

    @Test
    void whatWasNotGivenAwayInTimeIsCountedAnew() {
        balance.look(16, new Others(1, 0));
        balance.look(16, new Others(1, 0));
        assertThat(balance.gives()).isTrue();

        balance.look(12, new Others(1, 4));

        assertThat(given()).isEqualTo(4);
        balance.look(9, new Others(1, 7));
        assertThat(balance.gives()).isFalse();
    }
}
