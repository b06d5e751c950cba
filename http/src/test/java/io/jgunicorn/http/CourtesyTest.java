package io.jgunicorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who takes a connection, without sockets and without time passing by itself. */
class CourtesyTest {
    private final Others others = new Others();
    private int own;
    private long now = -5; // a clock may be negative
    private final Courtesy courtesy = new Courtesy(others, () -> own, () -> now);

    private static final class Others implements Neighbours {
        private int fewest;
        private int total;

        void have(int fewest, int total) {
            this.fewest = fewest;
            this.total = total;
        }

        @Override
        public void publish(int connections) {}

        @Override
        public void withdraw() {}

        @Override
        public int fewest() {
            return fewest;
        }

        @Override
        public int total() {
            return total;
        }

        @Override
        public void publishLively(int connections) {}

        @Override
        public Lively lively() {
            return new Lively(0, 0);
        }
    }

    /** Looks until something may be accepted: how long that took. */
    private long nanosUntilGranted(int expected) {
        long start = now;
        int grant = courtesy.grant();
        while (grant == 0) {
            now += Courtesy.LOOK_AGAIN_NANOS;
            courtesy.watch();
            grant = courtesy.grant();
        }
        assertThat(grant).isEqualTo(expected);
        courtesy.took(grant);
        return now - start;
    }

    @Test
    void aloneOrWithNoMoreThanOthersItTakesTheConnectionAtOnce() {
        own = 7;
        others.have(Integer.MAX_VALUE, 0);
        assertThat(courtesy.grant()).isEqualTo(1);
        others.have(7, 20);
        assertThat(courtesy.grant()).isEqualTo(1);
        courtesy.took(1);
        assertThat(courtesy.grant()).isEqualTo(1);
    }

    @Test
    void withMoreItWaitsForOthersThatDoNotMove() {
        own = 8;
        others.have(7, 20);
        assertThat(nanosUntilGranted(1)).isEqualTo(Courtesy.PATIENCE_NANOS);
    }

    @Test
    void waitsOnWhileTheyMoveEvenIfTheFewestStay() {
        own = 8;
        for (int total = 20; total < 60; total++) {
            others.have(0, total);
            assertThat(courtesy.grant()).isZero();
            now += Courtesy.PATIENCE_NANOS - 1;
            assertThat(courtesy.grant()).as("they have moved: %d", total).isZero();
        }
        now += 1;
        assertThat(courtesy.grant()).isEqualTo(1);
    }

    @Test
    void aLookLongAgoWasAboutAnotherConnection() {
        own = 8;
        others.have(7, 20);
        assertThat(courtesy.grant()).isZero();
        now += 1_000_000_000; // somebody else took that one
        assertThat(nanosUntilGranted(1)).isEqualTo(Courtesy.PATIENCE_NANOS);
    }

    @Test
    void aLookThatComesLateIsAboutTheSameConnection() {
        own = 8;
        others.have(7, 20);
        assertThat(courtesy.grant()).isZero();
        now += 50_000_000; // this process got no processor
        courtesy.watch();
        now += 1000;
        assertThat(courtesy.grant()).isEqualTo(1);
    }

    @Test
    void takesTwiceAsManyEachTimeWhileSomebodyHangs() {
        own = 100;
        others.have(7, 20);
        for (int expected : new int[] {1, 2, 4, 8, 16, 32, 64, 64}) {
            assertThat(nanosUntilGranted(expected)).isEqualTo(Courtesy.PATIENCE_NANOS);
        }
    }

    @Test
    void takesOneAgainWhenThereWereNotAsManyOrWhenTheyMove() {
        own = 100;
        others.have(7, 20);
        nanosUntilGranted(1);
        nanosUntilGranted(2);
        now += Courtesy.PATIENCE_NANOS;
        assertThat(courtesy.grant()).isEqualTo(4);
        courtesy.took(3);
        nanosUntilGranted(1);
        nanosUntilGranted(2);
        others.have(7, 21);
        assertThat(nanosUntilGranted(1)).isEqualTo(Courtesy.PATIENCE_NANOS);
    }
}
