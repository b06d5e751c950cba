package io.jgunicorn.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class H2loadLogTest {
    @Test
    void answersFailuresAndWrongStatusAreCounted() throws LoadFailure {
        LoadResult result =
                H2loadLog.parse(
                        List.of(
                                "1795255280634264\t200\t1000",
                                "1795255280634269\t200\t3000",
                                "1795255280684698\t503\t2000",
                                "1795255280684699\t-1\t9999999"),
                        2);

        assertThat(result.requests()).isEqualTo(3);
        assertThat(result.requestsPerSecond()).isEqualTo(1);
        assertThat(result.errors()).isEqualTo(new Errors(0, 1, 0, 1, 0));
        assertThat(result.latency().p50()).isEqualTo(2);
        assertThat(result.latency().max()).isEqualTo(3);
    }

    @Test
    void logWithoutAnswersIsNoResult() {
        assertThatThrownBy(() -> H2loadLog.parse(List.of("1\t-1\t5"), 2))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("1 failures");
    }
}
