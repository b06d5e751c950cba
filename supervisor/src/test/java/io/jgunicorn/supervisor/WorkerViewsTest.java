package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ControlMessage.Heartbeat;
import io.jgunicorn.control.ControlMessage.Load;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkerViewsTest {
    private Duration now = Duration.ofSeconds(10);
    private final WorkerHandle worker =
            WorkerHandle.spawned(1, 1, new WorkerState.Serving(false), now).withPid(1001);
    private final WorkerViews views =
            new WorkerViews(() -> now, new CpuMeter(_ -> Optional.of(now.dividedBy(2))));

    private void heartbeat(long second, long requests) {
        now = Duration.ofSeconds(second);
        views.note(new Event.MessageFrom(1001, new Heartbeat(requests, 0, 0, Load.UNKNOWN)));
    }

    @Test
    void lastRequestIsThatOfTheHeartbeatThatKnewItFirst() {
        heartbeat(11, 0);
        assertThat(views.view(worker)).containsEntry("last_request", null);
        heartbeat(12, 3);
        heartbeat(13, 3);
        heartbeat(14, 3);
        assertThat(views.view(worker)).containsEntry("last_request", 2.0);
        heartbeat(15, 4);
        assertThat(views.view(worker)).containsEntry("last_request", 0.0);
    }

    @Test
    void processorTimeIsShownAsAShareAndAsASum() {
        heartbeat(11, 0);
        heartbeat(21, 0);
        assertThat(views.view(worker))
                .containsEntry("cpu_percent", 50L)
                .containsEntry("cpu_seconds", 10.5);
    }

    @Test
    void nothingIsKeptOfAWorkerThatHasEnded() {
        heartbeat(11, 1);
        heartbeat(13, 1);
        views.note(new Event.WorkerExited(1001, 0));
        assertThat(views.view(worker))
                .containsEntry("requests", null)
                .containsEntry("last_request", null)
                .containsEntry("cpu_percent", null);
    }
}
