package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.control.ControlMessage.ListenersReceived;
import io.jgunicorn.control.ControlMessage.SetLogLevel;
import io.jgunicorn.control.ControlMessage.ToWorker;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogLevelsTest {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final Generation.Policy POLICY =
            new Generation.Policy(TIME, TIME, TIME, 1, 0, Optional.empty());

    /** A message and whom it is for. */
    private record Sent(long pid, ToWorker message) {}

    @TempDir Path folder;

    private final List<Sent> sent = new ArrayList<>();
    private final List<Optional<LogLevel>> forNewWorkers = new ArrayList<>();
    private final Plan plan = new Plan(Generation.fresh(1, 2, POLICY, false), 8, false);
    private ErrorLog log;
    private LogLevels levels;

    @BeforeEach
    void oneWorkerWithItsLinkAndOneWithout() throws IOException {
        LogFile file = LogFile.appendingTo(folder.resolve("log"));
        log = new ErrorLog(file, LogLevel.DEBUG, Clock.systemUTC());
        levels =
                new LogLevels(
                        log,
                        plan,
                        () -> new Deployment(TestConfig.serving("x").configuration(), List.of()),
                        (pid, message) -> sent.add(new Sent(pid, message)),
                        forNewWorkers::add);
        happen(new Event.Tick());
        happen(new Event.WorkerStarted(1, 1001));
        happen(new Event.MessageFrom(1001, new ListenersReceived()));
        happen(new Event.WorkerStarted(2, 1002));
    }

    private void happen(Event event) {
        levels.note(event);
        plan.on(event, Duration.ofSeconds(1));
    }

    private String logged() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    @Test
    void levelIsThatOfTheConfigurationAtFirst() {
        assertThat(levels.shown())
                .containsEntry("loglevel", "debug")
                .containsEntry("configured", "debug");
        assertThat(sent).isEmpty();
    }

    @Test
    void levelChangesInAllProcesses() throws IOException {
        assertThat(levels.choose("INFO"))
                .containsEntry("loglevel", "info")
                .containsEntry("configured", "debug");

        assertThat(log.threshold()).isEqualTo(LogLevel.INFO);
        assertThat(sent).containsExactly(new Sent(1001, new SetLogLevel(LogLevel.INFO)));
        assertThat(forNewWorkers).containsExactly(Optional.of(LogLevel.INFO));
        assertThat(logged()).contains("[INFO] Log level changed from debug to info\n");
    }

    @Test
    void changeIsLoggedEvenIfNothingLikeItIsAfterwards() throws IOException {
        levels.choose("critical");
        assertThat(logged()).contains("[INFO] Log level changed from debug to critical\n");
        log.error("not heard");
        levels.choose("info");
        assertThat(logged())
                .contains("[INFO] Log level changed from critical to info\n")
                .doesNotContain("not heard");
    }

    @Test
    void workerThatWasBeingStartedMeanwhileIsToldWhenItCanBe() {
        levels.choose("error");
        sent.clear();
        happen(new Event.MessageFrom(1002, new ListenersReceived()));
        assertThat(sent).containsExactly(new Sent(1002, new SetLogLevel(LogLevel.ERROR)));
    }

    @Test
    void reloadReturnsToTheConfiguration() {
        levels.choose("error");
        sent.clear();
        forNewWorkers.clear();

        happen(new Event.Reloaded(Generation.fresh(2, 2, POLICY, false)));

        assertThat(sent).containsExactly(new Sent(1001, new SetLogLevel(LogLevel.DEBUG)));
        assertThat(forNewWorkers).containsExactly(Optional.empty());
        sent.clear();
        happen(new Event.MessageFrom(1002, new ListenersReceived()));
        assertThat(sent).isEmpty();
    }

    @Test
    void levelNobodyKnowsChangesNothing() {
        assertThatThrownBy(() -> levels.choose("warn"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "no log level 'warn': it is one of debug, info, warning, error, critical");
        assertThat(log.threshold()).isEqualTo(LogLevel.DEBUG);
        assertThat(sent).isEmpty();
    }
}
