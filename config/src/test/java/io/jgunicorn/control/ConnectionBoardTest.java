package io.jgunicorn.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.control.ConnectionBoard.Place;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionBoardTest {
    private final ConnectionBoard board = ConnectionBoard.create();

    @AfterEach
    void close() {
        board.close();
    }

    private Place taken(long pid) {
        return board.take(pid).orElseThrow();
    }

    @Test
    void onlyOthersThatAcceptCount() {
        Place one = taken(101);
        Place two = taken(102);
        assertThat(one.fewestElsewhere()).isEqualTo(Integer.MAX_VALUE);

        one.publish(3);
        assertThat(one.fewestElsewhere()).isEqualTo(Integer.MAX_VALUE);
        assertThat(two.fewestElsewhere()).isEqualTo(3);

        two.publish(0);
        Place three = taken(103);
        three.publish(7);
        assertThat(one.fewestElsewhere()).isZero();
        assertThat(three.fewestElsewhere()).isZero();

        two.withdraw();
        assertThat(three.fewestElsewhere()).isEqualTo(3);
    }

    @Test
    void anotherMappingOfTheDescriptorSeesTheSame() {
        Place one = taken(101);
        one.publish(5);
        // Not closed: that would close the descriptor of the first as well.
        ConnectionBoard mapped = ConnectionBoard.open(board.descriptor());
        Place two = mapped.take(102).orElseThrow();
        assertThat(two.fewestElsewhere()).isEqualTo(5);
        two.publish(1);
        assertThat(one.fewestElsewhere()).isEqualTo(1);
    }

    @Test
    void placeOfAnEndedWorkerIsClearedAndUsedAgain() {
        for (int pid = 1; pid <= ConnectionBoard.PLACES; pid++) {
            taken(pid).publish(pid);
        }
        assertThat(board.take(1000)).isEmpty();

        board.release(1);
        board.release(4711); // never had a place
        Place next = taken(1000);
        assertThat(next.fewestElsewhere()).isEqualTo(2);
    }

    @Test
    void descriptorThatCannotBeMappedIsRefused() {
        assertThatThrownBy(() -> ConnectionBoard.open(123456))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Can't map");
    }
}
