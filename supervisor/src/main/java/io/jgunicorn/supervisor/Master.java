package io.jgunicorn.supervisor;

import io.jgunicorn.config.ProductVersion;
import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.config.WorkerClass;
import io.jgunicorn.config.value.PyText;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.os.Descriptors;
import io.jgunicorn.os.Identity;
import io.jgunicorn.python.HookArgument.Server;
import io.jgunicorn.python.PythonFailure;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One run of the server in gunicorn's order: pidfile, hook, sockets, log lines, hook, workers. What
 * has been started is closed in reverse order, however the run ends. Runs on the thread "master".
 */
final class Master {
    private final ConfigurationSource source;
    private final Workers.CommandLine command;
    private final Successor.Program program;
    private final Optional<Daemon> daemon;
    private final Inbox inbox;
    private final ErrorLog log;
    private final Consumer<String> stderr;
    private final MasterTitle title;

    Master(
            ConfigurationSource source,
            Workers.CommandLine command,
            Successor.Program program,
            Optional<Daemon> daemon,
            Inbox inbox,
            ErrorLog log,
            Consumer<String> stderr,
            Consumer<String> title) {
        this.source = source;
        this.command = command;
        this.program = program;
        this.daemon = daemon;
        this.inbox = inbox;
        this.log = log;
        this.stderr = stderr;
        this.title = new MasterTitle(title);
    }

    /** Serves until told to stop; returns the exit code. */
    int run(Configuration config) throws InterruptedException {
        try (Undo undo = new Undo(log)) {
            return start(config, undo);
        } catch (StartFailure e) {
            if (!e.getMessage().isEmpty()) {
                say(e.getMessage());
            }
            if (e.exitCode() == 0) {
                log.info("Shutting down: Master");
            }
            return e.exitCode();
        } catch (PythonFailure e) {
            String text = e.exitCode().isPresent() ? e.getMessage() : e.traceback();
            if (!text.isBlank()) {
                say(text.stripTrailing());
            }
            return e.exitCode().orElse(1);
        }
    }

    /** A failed start is told on stderr as it stands, as gunicorn does, wherever the log goes. */
    private void say(String text) {
        log.flush();
        stderr.accept("\n" + text + "\n\n");
    }

    private int start(Configuration config, Undo undo) throws StartFailure, InterruptedException {
        ServerConfig server = config.server();
        MasterHooks hooks = config.hooks();
        LogFiles.prepare(server);
        Reloader.capturedBy(server).ifPresent(Descriptors::redirectOutput);
        int count = server.workers().count();
        Optional<Predecessor> predecessor = Predecessor.from(config.environment());
        long before = predecessor.map(Predecessor::pid).orElse(0L);
        Server unbound = new Deployment(config, List.of()).server(count, List.of(), before, 0);
        hooks.nworkersChanged(unbound, count, OptionalInt.empty());
        dump(config.settings());
        log.info("Starting jgunicorn " + ProductVersion.current());
        PidFileSlot pidFile = undo.add(new PidFileSlot());
        if (predecessor.isPresent()) {
            pidFile.beProvisional();
            title.beProvisional();
        }
        title.follow(server.process());
        pidFile.set(server.process().pidFile());
        hooks.onStarting(unbound);

        var unavailable = ListenerSockets.unavailable();
        if (unavailable.isPresent()) {
            throw new StartFailure(1, unavailable.get());
        }
        long pid = ProcessHandle.current().pid();
        int backlog = server.sockets().backlog();
        List<Listener> inherited =
                predecessor.isPresent()
                        ? predecessor.get().sockets(backlog)
                        : SocketActivation.take(config.environment(), pid, backlog);
        ListenerSockets sockets = undo.add(new ListenerSockets(log, inherited));
        Deployment first = new Deployment(config, sockets.openAll(server, inbox));
        announce(first);
        hooks.whenReady(first.server(count, List.of(), before, 0));

        ControlServer control = undo.add(ControlServer.start(log, inbox::post));
        Redirect errors = daemon.map(Daemon::workerErrors).orElse(Redirect.INHERIT);
        Workers workers = undo.add(new Workers(control, command, errors, inbox::post));
        Reloader reloader = new Reloader(source, sockets, log, pidFile, title, config);
        SystemdNotifier systemd = undo.add(SystemdNotifier.of(config.environment(), pid, log));
        OperatorSocket operators =
                undo.add(
                        new OperatorSocket(
                                server.controlSocket(),
                                control,
                                log,
                                inbox::post,
                                predecessor.isPresent()));
        if (predecessor.isPresent()) {
            systemd.keepQuiet();
        }
        Supervisor supervisor =
                new Supervisor(
                        inbox,
                        uptime(),
                        log,
                        workers,
                        sockets,
                        reloader,
                        systemd,
                        new Successor(program, control, log, inbox::post),
                        predecessor,
                        operators,
                        daemon,
                        first);
        operators.open();
        int exitCode = supervisor.run();

        pidFile.close();
        supervisor.hooks().onExit(supervisor.server());
        return exitCode;
    }

    private void announce(Deployment first) {
        ServerConfig server = first.config().server();
        log.info(
                "Listening at: %s (%d)"
                        .formatted(
                                ListenerSockets.shown(first.listeners()),
                                ProcessHandle.current().pid()));
        log.info("Using worker: " + server.workers().className());
        if (server.workers().workerClass() == WorkerClass.ON_DEMAND) {
            log.info(
                    "Requests run on threads, as many as needed up to worker_connections (%d)"
                            .formatted(server.workers().connections()));
        }
        first.config().warnings().forEach(log::warning);
        Identity workers = server.process().workers();
        if (!workers.isCurrent() && workers.uid() != 0 && workers.gid() == 0) {
            log.warning("user is set and group is not: workers keep the group of root (0)");
        }
    }

    private void dump(Map<String, Object> settings) {
        StringBuilder text = new StringBuilder("Current configuration:");
        new TreeMap<>(settings)
                .forEach((name, value) -> text.append("\n  " + name + ": " + PyText.str(value)));
        log.debug(text.toString());
    }

    private static Supplier<Duration> uptime() {
        long start = System.nanoTime();
        return () -> Duration.ofNanos(System.nanoTime() - start);
    }
}
