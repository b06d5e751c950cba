package io.jgunicorn.bench.control;

import io.jgunicorn.control.ControlCodec;
import io.jgunicorn.control.ControlMessage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The heartbeat every worker sends each second, and the configuration it gets once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ControlCodecBenchmark {
    private final ControlMessage heartbeat =
            new ControlMessage.Heartbeat(123_456, 3, 42, ControlMessage.Load.UNKNOWN);
    private final ControlMessage configure =
            new ControlMessage.Configure(
                    7,
                    List.of("http://127.0.0.1:8000", "unix:/run/app.sock"),
                    Map.of("workers", 4L, "preload_app", false, "raw_env", List.of("A=1", "B=2")),
                    "file:/srv/app/gunicorn.conf.py",
                    Set.of("post_fork", "post_request"),
                    List.of());

    @Benchmark
    public ControlMessage heartbeatThereAndBack() {
        return ControlCodec.decode(ControlCodec.encode(heartbeat));
    }

    @Benchmark
    public ControlMessage configureThereAndBack() {
        return ControlCodec.decode(ControlCodec.encode(configure));
    }
}
