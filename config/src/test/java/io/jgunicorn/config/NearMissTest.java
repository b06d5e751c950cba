package io.jgunicorn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearMissTest {
    @ParameterizedTest
    @CsvSource({
        "worker, workers",
        "wrokers, workers",
        "thread, threads",
        "timeouts, timeout",
        "time_out, timeout",
        "keep_alive, keepalive",
        "max_request, max_requests",
        "max_reqests_jiter, max_requests_jitter",
        "gracefull_timeout, graceful_timeout",
        "workers_class, worker_class",
        "access_log, accesslog",
        "log_level, loglevel",
        "log_file, errorlog",
        "logfile, errorlog",
        "access_logfile, accesslog",
        "preload, preload_app",
        "WORKERS, workers",
        "BIND, bind",
    })
    void closeNameStandsForASetting(String name, String setting) {
        assertThat(NearMiss.of(name, List.of())).contains(setting);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpus",
                "cores",
                "kind",
                "users",
                "host",
                "port",
                "name",
                "env",
                "pid",
                "root",
                "base_dir",
                "debug",
                "app_name",
                "num_workers",
                "log_dir",
                "project",
                "logger",
                "worker_count",
                "environment",
                "configs",
                "max_memory",
            })
    void helperIsLeftAlone(String name) {
        assertThat(NearMiss.of(name, List.of())).isEmpty();
    }

    @Test
    void settingThatTheFileSetsIsNotMeant() {
        assertThat(NearMiss.of("WORKERS", List.of("workers"))).isEmpty();
        assertThat(NearMiss.of("access_log", List.of("accesslog"))).isEmpty();
    }

    @Test
    void nearestSettingIsMeant() {
        assertThat(NearMiss.of("logconfigs", List.of())).contains("logconfig");
    }
}
