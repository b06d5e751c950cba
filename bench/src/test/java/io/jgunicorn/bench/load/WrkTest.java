package io.jgunicorn.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.bench.proc.Pinning;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WrkTest {
    private static final Path SCRIPT = Path.of("/scripts/wrk.lua");

    @Test
    void plainLoadNeedsNoScriptOptions() {
        Load.ClosedLoop load = Load.ClosedLoop.get("id", "title", "/a", 16);

        assertThat(new Wrk(SCRIPT, Pinning.of(2)).command(load, 8000, 5, Optional.empty()))
                .containsExactly(
                        "wrk",
                        "--threads",
                        "2",
                        "--connections",
                        "16",
                        "--duration",
                        "5s",
                        "--timeout",
                        "2s",
                        "--script",
                        "/scripts/wrk.lua",
                        "http://127.0.0.1:8000/a",
                        "--");
    }

    @Test
    void countingSkipsTheFirstRequestOfEachConnection() {
        Load.ClosedLoop load = Load.ClosedLoop.get("id", "title", "/", 16);
        Instant since = Instant.ofEpochMilli(1_700_000_000_250L);

        assertThat(new Wrk(SCRIPT, Pinning.of(2)).command(load, 8000, 5, Optional.of(since)))
                .endsWith("--", "since=1700000000.250", "skip=8");
    }

    @Test
    void closingConnectionsAndBodiesAreToldToWrk() {
        Load.ClosedLoop load = new Load.ClosedLoop("id", "title", "/", 1, false, 10);
        List<String> command =
                new Wrk(SCRIPT, Pinning.of(8)).command(load, 8000, 5, Optional.empty());

        assertThat(command).startsWith("taskset", "-c", "4-7", "wrk", "--threads", "1");
        assertThat(command).contains("Connection: close").endsWith("--", "post=10");
    }
}
