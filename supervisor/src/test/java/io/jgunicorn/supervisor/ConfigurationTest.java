package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
    @Test
    void workersGetNothingThatSystemdMeansForTheMaster() {
        Configuration config =
                new Configuration(
                        TestConfig.serving("ok").server(),
                        Map.of(),
                        "",
                        Set.of(),
                        Map.of(
                                "NOTIFY_SOCKET", "/run/systemd/notify",
                                "WATCHDOG_PID", "1",
                                "WATCHDOG_USEC", "1000000",
                                "LISTEN_PID", "1",
                                "LISTEN_FDS", "1",
                                "LISTEN_FDNAMES", "http",
                                "LISTEN_PORT", "the application's own"),
                        List.of(),
                        MasterHooks.NONE,
                        LogSetup.NONE);

        assertThat(config.workerEnvironment())
                .containsOnlyKeys("LISTEN_PORT", "RAW", "SERVER_SOFTWARE");
    }
}
