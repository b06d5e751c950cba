package io.jgunicorn.supervisor;

import io.jgunicorn.control.ControlMessage.BootFailed;
import io.jgunicorn.control.ControlMessage.Ready;
import io.jgunicorn.control.ControlMessage.ToMaster;
import io.jgunicorn.log.ErrorLog;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code --check-config}: looks whether what the configuration names is there, lets one worker load
 * the application, without any socket, and tells whether it could. Runs on the thread "master".
 */
final class CheckRun {
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Inbox inbox;
    private final ErrorLog log;

    CheckRun(Inbox inbox, ErrorLog log) {
        this.inbox = inbox;
        this.log = log;
    }

    /**
     * Looks, and boots the worker.
     *
     * @return nothing if a server could start, or else what the operator is to read
     */
    Optional<String> run(Configuration config, Workers.CommandLine command)
            throws InterruptedException {
        // Its own log would repeat what is returned here, and files are only looked at; nobody
        // would order a reloading worker to load. Nor is a warm-up worth its time, and one worker
        // is not scaled. Hooks are for servers: they may register a worker somewhere.
        Configuration quiet =
                config.withoutWorkerHooks()
                        .with(
                                Map.of(
                                        "loglevel",
                                        "critical",
                                        "errorlog",
                                        "-",
                                        "accesslog",
                                        "-",
                                        "capture_output",
                                        false,
                                        "reload",
                                        false,
                                        "max_workers",
                                        0L,
                                        "warmup",
                                        List.of()));
        Deployment check = new Deployment(quiet, List.of());
        List<String> errors = NamedPlaces.errors(config.server());
        if (!errors.isEmpty()) {
            return Optional.of(String.join("\n", errors));
        }
        Duration longest = config.server().timeouts().boot();
        long began = System.nanoTime();
        try (Undo undo = new Undo(log)) {
            ControlServer control = undo.add(ControlServer.start(log, inbox::post));
            Workers workers =
                    undo.add(new Workers(control, command, Redirect.INHERIT, inbox::post));
            long _ = workers.start(1, check);
            while (longest.isZero() || System.nanoTime() - began < longest.toNanos()) {
                Event event = inbox.next(TICK);
                if (event instanceof Event.MessageFrom(_, Ready _)) {
                    return Optional.empty();
                }
                Optional<String> failure = failureIn(event);
                if (failure.isPresent()) {
                    return failure.map(CheckRun::told);
                }
            }
            return Optional.of(
                    "Error while loading the application:\nnot done after "
                            + longest.toSeconds()
                            + " s (boot_timeout)");
        } catch (IOException e) {
            return Optional.of("No worker can be started: " + e.getMessage());
        }
    }

    /** What is wrong with the logging of a configuration is not the application's fault. */
    private static String told(String failure) {
        return failure.startsWith("Error: ")
                ? failure
                : "Error while loading the application:\n" + failure;
    }

    private static Optional<String> failureIn(Event event) {
        return switch (event) {
            case Event.MessageFrom(_, BootFailed(_, String reason)) -> Optional.of(reason);
            case Event.LinkBroken(_, String reason) -> Optional.of(reason);
            case Event.WorkerExited(_, int status, _) ->
                    Optional.of("the worker ended with status " + status);
            case Event.MessageFrom(_, ToMaster _) -> Optional.empty();
            case Event.SignalReceived _,
                    Event.LinkClosed _,
                    Event.WorkerStarted _,
                    Event.SpawnFailed _,
                    Event.Reloaded _,
                    Event.ReloadFailed _,
                    Event.SuccessorStarted _,
                    Event.SuccessorFailed _,
                    Event.SuccessorExited _,
                    Event.PredecessorGone _,
                    Event.StartGivenUp _,
                    Event.LoopFailed _,
                    Event.WorkersWanted _,
                    Event.HaltAsked _,
                    Event.Backlog _,
                    Event.ReplacementAsked _,
                    Event.Asked _,
                    Event.Tick _ ->
                    Optional.empty();
        };
    }
}
