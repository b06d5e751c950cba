package io.jgunicorn.supervisor;

import io.jgunicorn.control.ControlMessage.ListenersReceived;
import io.jgunicorn.control.ControlMessage.SetLogLevel;
import io.jgunicorn.control.ControlMessage.ToWorker;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogLevel;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The level of the error log in all processes, as an operator wants it: until the next reload, then
 * again as {@code loglevel} says. Used by the loop's thread only.
 */
final class LogLevels {
    private final ErrorLog log;
    private final Plan plan;
    private final Supplier<Deployment> newest;
    private final BiConsumer<Long, ToWorker> send;
    private final Consumer<Optional<LogLevel>> forNewWorkers;
    private Optional<LogLevel> chosen = Optional.empty();

    /**
     * @param log of the master
     * @param newest what new workers are started with
     * @param send sends a message to the worker with a process id
     * @param forNewWorkers takes the level that workers to come shall have; empty: their own
     */
    LogLevels(
            ErrorLog log,
            Plan plan,
            Supplier<Deployment> newest,
            BiConsumer<Long, ToWorker> send,
            Consumer<Optional<LogLevel>> forNewWorkers) {
        this.log = log;
        this.plan = plan;
        this.newest = newest;
        this.send = send;
        this.forNewWorkers = forNewWorkers;
    }

    /** Follows workers that come up and configurations that are read. */
    void note(Event event) {
        switch (event) {
            // It may have been started before the level was chosen.
            case Event.MessageFrom(long pid, ListenersReceived _) ->
                    chosen.ifPresent(level -> send.accept(pid, new SetLogLevel(level)));
            case Event.Reloaded _ -> {
                if (chosen.isPresent()) {
                    chosen = Optional.empty();
                    forNewWorkers.accept(chosen);
                    sendToAll(configured()); // that of the master is set already
                }
            }
            default -> {}
        }
    }

    Map<String, Object> shown() {
        return Answers.members(
                "loglevel", log.threshold().lowerName(), "configured", configured().lowerName());
    }

    /**
     * Changes it.
     *
     * @throws IllegalArgumentException if there is no such level
     */
    Map<String, Object> choose(String name) {
        LogLevel level =
                Arrays.stream(LogLevel.values())
                        .filter(known -> known.lowerName().equals(name.toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(unknown(name)));
        LogLevel before = log.threshold();
        chosen = Optional.of(level);
        if (level.compareTo(before) > 0) {
            say(before, level);
        }
        log.setThreshold(level);
        if (level.compareTo(before) < 0) {
            say(before, level);
        }
        forNewWorkers.accept(chosen);
        sendToAll(level);
        newest.get().config().hooks().setLogLevel(level);
        return shown();
    }

    private void sendToAll(LogLevel level) {
        plan.workers().stream()
                .filter(WorkerHandle::linked)
                .forEach(worker -> send.accept(worker.pid(), new SetLogLevel(level)));
    }

    private void say(LogLevel before, LogLevel now) {
        log.info("Log level changed from " + before.lowerName() + " to " + now.lowerName());
    }

    private static String unknown(String name) {
        return "no log level '"
                + name
                + "': it is one of "
                + Arrays.stream(LogLevel.values())
                        .map(LogLevel::lowerName)
                        .collect(Collectors.joining(", "));
    }

    private LogLevel configured() {
        return LogLevel.named(newest.get().config().server().logging().level());
    }
}
