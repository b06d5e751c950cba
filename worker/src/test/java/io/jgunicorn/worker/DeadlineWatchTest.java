package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.http.Exchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlineWatchTest {
    private final PythonThread thread = new PythonThread("python-1", () -> {});
    private final List<Exchange> expired = new ArrayList<>();

    private DeadlineWatch watch(Duration deadline) {
        return new DeadlineWatch(
                deadline, () -> List.of(thread), (_, exchange) -> expired.add(exchange));
    }

    @Test
    void requestOverItsDeadlineIsReported() {
        Exchange exchange = new FakeExchange();
        thread.begin(exchange);
        DeadlineWatch watch = watch(Duration.ofNanos(1));
        while (expired.isEmpty()) {
            watch.look();
        }
        assertThat(expired).containsExactly(exchange);
    }

    @Test
    void requestWithinItsDeadlineIsLeftAlone() {
        thread.begin(new FakeExchange());
        watch(Duration.ofDays(1)).look();
        assertThat(expired).isEmpty();
    }

    @Test
    void threadBetweenRequestsIsLeftAlone() {
        thread.begin(new FakeExchange());
        thread.end();
        watch(Duration.ofNanos(1)).look();
        assertThat(expired).isEmpty();
    }

    @Test
    void threadWrittenOffIsNotReportedAgain() {
        thread.begin(new FakeExchange());
        thread.writeOff();
        watch(Duration.ofNanos(1)).look();
        assertThat(expired).isEmpty();
    }
}
