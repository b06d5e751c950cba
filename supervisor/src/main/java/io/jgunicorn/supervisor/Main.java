package io.jgunicorn.supervisor;

import io.jgunicorn.config.ConfigFailure;
import io.jgunicorn.config.ConfigLoader;
import io.jgunicorn.config.ConfigReport;
import io.jgunicorn.config.ControlSocketPath;
import io.jgunicorn.config.LoadResult;
import io.jgunicorn.config.LoadedConfig;
import io.jgunicorn.config.ProductVersion;
import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.config.cli.GunicornCommand;
import io.jgunicorn.config.value.Surroundings;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.os.ProcessTitle;
import io.jgunicorn.os.Signal;
import io.jgunicorn.os.SignalSource;
import io.jgunicorn.python.ContextOptions;
import io.jgunicorn.python.PythonHost;
import io.jgunicorn.python.ServerControls;
import io.jgunicorn.supervisor.ctl.CtlClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code jgunicorn} command: what the launcher starts, with the signals blocked. All work is
 * done on the thread "master", whose stack is large enough for the Python of configuration files.
 */
public final class Main {
    private static final long STACK_BYTES = 64L << 20;

    private static final Set<Signal> SIGNALS =
            Set.of(
                    Signal.TERM,
                    Signal.INT,
                    Signal.QUIT,
                    Signal.HUP,
                    Signal.TTIN,
                    Signal.TTOU,
                    Signal.USR1,
                    Signal.USR2,
                    Signal.WINCH);

    private final List<String> arguments;
    private final Map<String, String> environment = System.getenv();
    private final Inbox inbox = new Inbox();
    private final LogFile stderr = LogFile.stderr();
    private final Optional<Daemon> daemon = Daemon.from(environment, stderr::write);

    /** There is a server to stop: set once by the thread "master", read by the signals' thread. */
    private volatile boolean started;

    /** What there is to stop instead, where a daemon is started; set and read likewise. */
    private volatile Optional<DaemonStart> starting = Optional.empty();

    /** Signals that do not reach us; filled before the thread "master" starts. */
    private final Set<Signal> deaf = EnumSet.noneOf(Signal.class);

    private int exitCode = 255; // if the thread "master" dies of an exception nobody foresaw

    private Main(List<String> arguments) {
        this.arguments = arguments;
    }

    /** Runs the server and exits with its status. */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 0 && arguments[0].equals("ctl")) {
            System.exit(control(List.of(arguments).subList(1, arguments.length)));
        }
        Main main = new Main(List.of(arguments));
        Thread master = new Thread(null, main::work, "master", STACK_BYTES);
        main.startSignals();
        master.start();
        master.join();
        System.exit(main.exitCode);
    }

    private static int control(List<String> arguments) {
        Path socket = Path.of(ControlSocketPath.in(System.getenv()));
        return new CtlClient(socket, LogFile.stdout()::write, LogFile.stderr()::write)
                .run(arguments);
    }

    private void startSignals() {
        deaf.addAll(SIGNALS);
        deaf.removeAll(SignalSource.start(SIGNALS, this::signalled));
    }

    private void work() {
        try {
            exitCode = run();
        } catch (InterruptedException _) {
            exitCode = 1; // nobody interrupts this thread
        }
    }

    /** Until there is a server to stop, a signal that stops ends the process, as it would alone. */
    private void signalled(Signal signal) {
        if (Inbox.stops(signal) && starting.isPresent()) {
            starting.get().stop();
            return;
        }
        if (!started && Inbox.stops(signal)) {
            Runtime.getRuntime().halt(128 + signal.number());
        }
        inbox.post(new Event.SignalReceived(signal));
    }

    private int run() throws InterruptedException {
        daemon.ifPresent(_ -> Daemon.leaveSession());
        try (PythonHost python = new PythonHost(ContextOptions.from(environment))) {
            ConfigLoader loader =
                    new ConfigLoader(
                            new GunicornCommand(ProductVersion.current(), environment),
                            python,
                            Surroundings.current());
            return switch (loader.load(arguments)) {
                case LoadResult.Printed(String text) -> print(text);
                case LoadedConfig loaded -> run(loaded, loader, python);
            };
        } catch (ConfigFailure e) {
            if (!e.report().isEmpty()) {
                print(e.report());
            }
            stderr.write(e.text());
            return e.exitCode();
        }
    }

    /** The caches the launcher chose, then what the operator adds. */
    private List<String> workerOptions() {
        List<String> options = new ArrayList<>();
        for (String name :
                List.of(
                        "polyglot.engine.userResourceCache",
                        "jgunicorn.cache",
                        "io.netty.native.workdir")) {
            String value = System.getProperty(name);
            if (value != null) {
                options.add("-D" + name + "=" + value);
            }
        }
        options.addAll(
                WorkerCommand.splitOptions(
                        environment.getOrDefault(WorkerCommand.OPTIONS_VARIABLE, "")));
        return options;
    }

    private int run(LoadedConfig loaded, ConfigLoader loader, PythonHost python)
            throws InterruptedException {
        boolean toServe = !loaded.printConfig() && !loaded.checkConfig();
        if (toServe && shallDetach(loaded.config())) {
            DaemonStart start = new DaemonStart(program(), loaded.config(), stderr::write);
            starting = Optional.of(start);
            return start.run();
        }
        stderr.write(loaded.notice());
        WorkerCommand command =
                new WorkerCommand(
                        JavaRuntime.current(),
                        folder("jgunicorn.home"),
                        folder("jgunicorn.python"),
                        workerOptions());
        if (loaded.printConfig()) {
            print(ConfigReport.of(loaded));
            print("# worker command: " + command.shown(loaded.config().workers()));
        }
        ServerConfig.Logging logging = loaded.config().logging();
        try (MasterLog logs = MasterLog.open(loaded, python, toServe)) {
            ErrorLog log = logs.error();
            ServerControls controls = new HookControls(inbox::post);
            Configuration config = Configuration.of(loaded, environment, logs, controls);
            if (!toServe) {
                warn(loaded.warnings());
                warn(NamedPlaces.warnings(loaded.config()));
                Optional<String> failure = new CheckRun(inbox, log).run(config, command::line);
                log.flush();
                failure.ifPresent(text -> stderr.write("\n" + text.stripTrailing() + "\n"));
                return failure.isPresent() ? 1 : 0;
            }
            started = true;
            daemon.ifPresent(told -> told.configured(loaded.config(), log));
            if (!deaf.isEmpty()) {
                log.warning("Not started by the launcher: these signals are not handled: " + deaf);
            }
            var source = new CommandLineSource(loader, arguments, environment, logs, controls);
            return new Master(
                            source,
                            command::line,
                            program(),
                            daemon,
                            inbox,
                            log,
                            stderr::write,
                            ProcessTitle::set)
                    .run(config);
        } catch (IOException e) {
            throw ConfigFailure.error(LogFiles.unwritable(logging.errorLog(), e));
        }
    }

    /** Neither a daemon nor the successor of a master has to become a daemon. */
    private boolean shallDetach(ServerConfig config) {
        return config.process().daemon()
                && daemon.isEmpty()
                && Predecessor.from(environment).isEmpty();
    }

    /** How this process was started; without the launcher's word, by that of the distribution. */
    private Successor.Program program() {
        String launcher =
                System.getProperty(
                        "jgunicorn.launcher",
                        folder("jgunicorn.home").resolve("bin/jgunicorn").toString());
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(arguments);
        return new Successor.Program(command, Path.of("").toAbsolutePath(), environment);
    }

    private void warn(List<String> warnings) {
        warnings.forEach(warning -> stderr.write("Warning: " + warning + "\n"));
    }

    private static int print(String text) {
        LogFile.stdout().write(text.endsWith("\n") ? text : text + "\n");
        return 0;
    }

    private static Path folder(String property) {
        String value = System.getProperty(property, "");
        if (value.isEmpty()) {
            throw ConfigFailure.error(
                    "start jgunicorn with its launcher: the system property "
                            + property
                            + " is missing");
        }
        return Path.of(value);
    }
}
