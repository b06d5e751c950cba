package io.jgunicorn.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.control.ConnectionBoard.Place;
import io.jgunicorn.os.Descriptors;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionBoardTest {
    private ConnectionBoard board;

    @BeforeEach
    void create() throws IOException {
        board = ConnectionBoard.create();
    }

    @AfterEach
    void close() {
        board.close();
        board.close();
    }

    @Test
    void onlyOthersThatAcceptCount() {
        Place one = board.take(101);
        Place two = board.take(102);
        assertThat(one.fewestElsewhere()).isEqualTo(Integer.MAX_VALUE);

        one.publish(3);
        assertThat(one.fewestElsewhere()).isEqualTo(Integer.MAX_VALUE);
        assertThat(two.fewestElsewhere()).isEqualTo(3);

        two.publish(0);
        Place three = board.take(103);
        three.publish(7);
        assertThat(one.fewestElsewhere()).isZero();
        assertThat(one.totalElsewhere()).isEqualTo(7);
        assertThat(three.fewestElsewhere()).isZero();
        assertThat(three.totalElsewhere()).isEqualTo(3);

        two.withdraw();
        assertThat(three.fewestElsewhere()).isEqualTo(3);
    }

    @Test
    void onlyOthersThatAcceptAndTellHaveLivelyConnections() {
        Place one = board.take(101);
        Place two = board.take(102);
        Place three = board.take(103);
        one.publish(9);
        two.publish(5);
        assertThat(one.tellingElsewhere()).isZero();

        two.publishLively(4);
        three.publishLively(7);

        assertThat(one.tellingElsewhere()).isEqualTo(1);
        assertThat(one.livelyElsewhere()).isEqualTo(4);
        three.publish(8);
        assertThat(one.tellingElsewhere()).isEqualTo(2);
        assertThat(one.livelyElsewhere()).isEqualTo(11);
        two.withdraw();
        assertThat(one.livelyElsewhere()).isEqualTo(7);
    }

    @Test
    void anotherMappingOfTheDescriptorSeesTheSame() throws IOException {
        Place one = board.take(101);
        one.publish(5);
        int passedOn = Descriptors.duplicateAbove(board.descriptor(), 100);

        Place two = ConnectionBoard.open(passedOn).take(102);

        assertThat(two.fewestElsewhere()).isEqualTo(5);
        two.publish(1);
        assertThat(one.fewestElsewhere()).isEqualTo(1);
        assertThatThrownBy(() -> Descriptors.close(passedOn))
                .hasMessageContaining("Bad file descriptor");
    }

    @Test
    void placeOfAnEndedWorkerIsClearedAndUsedAgain() {
        for (int pid = 1; pid <= ConnectionBoard.PLACES; pid++) {
            board.take(pid).publish(pid);
        }
        Place unseen = board.take(1000);
        unseen.publish(0);
        assertThat(unseen.fewestElsewhere()).isEqualTo(1);

        board.release(1);
        board.release(4711); // never had a place
        Place next = board.take(1001);
        assertThat(next.fewestElsewhere()).isEqualTo(2);
        next.publish(0);
        assertThat(unseen.fewestElsewhere()).isZero();
    }

    @Test
    void descriptorThatCannotBeMappedIsRefused() {
        assertThatThrownBy(() -> ConnectionBoard.open(123456)).isInstanceOf(IOException.class);
    }
}
