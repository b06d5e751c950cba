package io.jgunicorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResponseBacklogTest {
    @Test
    void takesWhatThereIsRoomFor() {
        ResponseBacklog backlog = new ResponseBacklog(100);

        assertThat(backlog.take(60)).isTrue();
        assertThat(backlog.take(41)).isFalse();
        assertThat(backlog.take(40)).isTrue();
        backlog.give(60);
        assertThat(backlog.take(60)).isTrue();
        assertThat(backlog.waiting()).isEqualTo(100);
    }

    @Test
    void whatIsLargerThanAllOfItIsNeverTaken() {
        assertThat(new ResponseBacklog(100).take(101)).isFalse();
    }
}
