package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ControlMessage.Heartbeat;
import io.jgunicorn.control.ControlMessage.ListenersReceived;
import io.jgunicorn.control.ControlMessage.Load;
import io.jgunicorn.control.ControlMessage.Ready;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.os.Signal;
import io.jgunicorn.supervisor.ctl.CtlCalls;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The answers, against a plan whose workers are only numbers. */
class OperatorCommandsTest {
    private static final Duration TIME = Duration.ofSeconds(30);

    private final List<Event> events = new ArrayList<>();
    private final Plan plan =
            new Plan(
                    Generation.fresh(
                            1,
                            2,
                            new Generation.Policy(TIME, TIME, TIME, 1, 1, Optional.empty()),
                            false),
                    8,
                    false);
    private final OperatorCommands commands =
            new OperatorCommands(
                    plan,
                    new Workers(null, null, null, events::add),
                    () -> Duration.ofMillis(12_345),
                    () -> new Deployment(TestConfig.serving("x").configuration(), List.of()),
                    new ErrorLog(LogFile.stderr(), LogLevel.CRITICAL, Clock.systemUTC()),
                    events::add);

    private void happen(Event event, Duration now) {
        commands.note(event);
        plan.on(event, now);
    }

    /** Workers of age 1 to 3, of whom the first is ready. */
    private void boot() {
        happen(new Event.Tick(), Duration.ofSeconds(1));
        started(1);
        happen(new Event.MessageFrom(1001, new Ready("x")), Duration.ofSeconds(2));
        started(2);
        started(3);
        happen(
                new Event.MessageFrom(1001, new Heartbeat(7, 1, 5, Load.UNKNOWN)),
                Duration.ofMillis(11_300));
    }

    private void started(long age) {
        happen(new Event.WorkerStarted(age, 1000 + age), Duration.ofSeconds(1));
        happen(new Event.MessageFrom(1000 + age, new ListenersReceived()), Duration.ofSeconds(1));
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> ask(String... words) {
        Map<String, Object> reply = CtlCalls.answer(commands::run, words);
        assertThat(reply).containsEntry("status", "ok");
        return (Map<String, Object>) reply.get("data");
    }

    private String refusal(String... words) {
        Map<String, Object> reply = CtlCalls.answer(commands::run, words);
        assertThat(reply).containsEntry("status", "error");
        return (String) reply.get("error");
    }

    @Test
    @SuppressWarnings("unchecked")
    void workersAreShownWithWhatTheyDo() {
        boot();

        Map<String, Object> answer = ask("show", "workers");

        assertThat(answer).containsEntry("count", 3);
        List<Map<String, Object>> workers = (List<Map<String, Object>>) answer.get("workers");
        assertThat(workers.getFirst())
                .containsEntry("pid", 1001L)
                .containsEntry("state", "serving")
                .containsEntry("booted", true)
                .containsEntry("last_heartbeat", 1.0)
                .containsEntry("requests", 7L)
                .containsEntry("last_request", 0.0)
                .containsEntry("busy_threads", 1)
                .containsEntry("connections", 5);
        assertThat(workers.getLast())
                .containsEntry("state", "booting")
                .containsEntry("booted", false)
                .containsEntry("requests", null);
    }

    @Test
    void statusSumsUp() {
        boot();
        assertThat(ask("STATUS"))
                .containsEntry("uptime", 12.3)
                .containsEntry("serving", "1 of 2")
                .containsEntry("spares", "0 of 1");
    }

    @Test
    void statsCountWhatHappened() {
        boot();
        assertThat(ask("show", "stats"))
                .containsEntry("workers_spawned", 3)
                .containsEntry("workers_current", 3)
                .containsEntry("workers_target", 2)
                .containsEntry("reloads", 0);
    }

    @Test
    void workersAreAddedAndRemovedByTheSignalsForThat() {
        assertThat(ask("worker", "add", "2"))
                .containsEntry("added", 2L)
                .containsEntry("previous", 2)
                .containsEntry("total", 4L);
        assertThat(events)
                .containsExactly(
                        new Event.SignalReceived(Signal.TTIN),
                        new Event.SignalReceived(Signal.TTIN));

        events.clear();
        assertThat(ask("worker", "remove", "9"))
                .containsEntry("removed", 1L)
                .containsEntry("total", 1L);
        assertThat(events).containsExactly(new Event.SignalReceived(Signal.TTOU));
    }

    @Test
    void servingWorkerIsReplacedAsIfItHadAskedForThat() {
        boot();
        assertThat(ask("worker", "drain", "1001"))
                .containsEntry("success", true)
                .containsEntry("replacing", 1001L);
        assertThat(events).containsExactly(new Event.ReplacementAsked(1001));
    }

    @Test
    void workerThatDoesNotServeCannotBeReplaced() {
        boot();
        assertThat(ask("worker", "drain", "1002"))
                .containsEntry("success", false)
                .containsEntry(
                        "error", "Worker 1002 is booting: only one that serves can be replaced");
        assertThat(ask("worker", "drain", "77")).containsEntry("error", "Worker 77 not found");
        assertThat(events).isEmpty();
    }

    @Test
    void reloadReopenAndShutdownAreSignals() {
        ask("reload");
        ask("reopen");
        ask("shutdown");
        ask("shutdown", "quick");
        assertThat(events)
                .containsExactly(
                        new Event.SignalReceived(Signal.HUP),
                        new Event.SignalReceived(Signal.USR1),
                        new Event.SignalReceived(Signal.TERM),
                        new Event.SignalReceived(Signal.INT));
    }

    @Test
    void typoDoesNotStartAMillionWorkers() {
        assertThat(refusal("worker", "add", "999999999"))
                .isEqualTo("Invalid argument: 999999999 are too many workers: at most 100 at once");
        assertThat(events).isEmpty();
    }

    @Test
    void serverOnItsWayDownOnlyAnswersQuestions() {
        boot();
        happen(new Event.SignalReceived(Signal.TERM), Duration.ofSeconds(12));

        assertThat(refusal("reload")).isEqualTo("The server is shutting down");
        assertThat(ask("show", "workers")).containsEntry("count", 3);
    }

    @Test
    void whatCannotBeDoneIsRefusedWithTheReason() {
        assertThat(refusal()).isEqualTo("Empty command");
        assertThat(refusal("show"))
                .isEqualTo("Invalid argument: Unknown command: show (see: help)");
        assertThat(refusal("worker", "add", "-1"))
                .isEqualTo("Invalid argument: -1 is not a number");
        assertThat(refusal("worker", "drain"))
                .isEqualTo("Invalid argument: worker drain needs the pid of a worker");
        assertThat(refusal("stacks", "all")).isEqualTo("Invalid argument: all is not a number");
        assertThat(refusal("stacks", "77")).isEqualTo("Invalid argument: Worker 77 not found");
        assertThat(refusal("loglevel", "loud"))
                .isEqualTo(
                        "Invalid argument: no log level 'loud': it is one of debug, info,"
                                + " warning, error, critical");
        assertThat(refusal("worker", "kill"))
                .isEqualTo("Invalid argument: worker kill needs the pid of a worker");
        assertThat(ask("worker", "kill", "77"))
                .containsEntry("success", false)
                .containsEntry("error", "Worker 77 not found");
    }
}
