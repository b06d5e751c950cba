package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.config.ServerConfig.Workers;
import io.jgunicorn.config.WorkerClass;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerSettingsTest {
    private static Workers workers(WorkerClass workerClass) {
        return new Workers(1, workerClass, "x", 4, 1000, false, false, List.of(), true, 1 << 29);
    }

    @ParameterizedTest
    @CsvSource({"SYNC, 1", "GTHREAD, 4", "ON_DEMAND, 1000"})
    void workerClassDecidesHowManyThreadsMayRun(WorkerClass workerClass, int threads) {
        assertThat(WorkerSettings.threadLimit(workers(workerClass))).isEqualTo(threads);
    }

    @ParameterizedTest
    @CsvSource({"0, 1000", "30, 1000", "3, 1000", "2, 666", "1, 333"})
    void heartbeatsComeWellWithinTheTimeout(int timeout, long millis) {
        Duration period =
                WorkerSettings.heartbeat(Duration.ofSeconds(timeout), Duration.ofSeconds(1));
        assertThat(period.toMillis()).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "SYNC, 30, 0, 30",
        "SYNC, 30, 5, 5",
        "SYNC, 5, 30, 5",
        "SYNC, 0, 7, 7",
        "SYNC, 0, 0, 0",
        "GTHREAD, 30, 0, 0",
        "GTHREAD, 30, 5, 5",
        "ON_DEMAND, 30, 0, 0"
    })
    void timeoutIsTheDeadlineOfARequestInTheSyncClassOnly(
            WorkerClass workerClass, int timeout, int requestTimeout, int deadline) {
        ServerConfig config =
                new ServerConfig(
                        "app",
                        null,
                        workers(workerClass),
                        null,
                        Optional.empty(),
                        new ServerConfig.Timeouts(
                                Duration.ofSeconds(timeout),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(requestTimeout),
                                Duration.ZERO),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Optional.empty());
        assertThat(WorkerSettings.requestDeadline(config)).isEqualTo(Duration.ofSeconds(deadline));
    }
}
