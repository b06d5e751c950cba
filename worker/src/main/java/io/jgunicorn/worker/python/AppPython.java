package io.jgunicorn.worker.python;

import io.jgunicorn.config.ProductVersion;
import io.jgunicorn.config.SettingsCatalogue;
import io.jgunicorn.config.cli.GunicornCommand;
import io.jgunicorn.config.value.PyText;
import io.jgunicorn.config.value.Surroundings;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.python.ContextOptions;
import io.jgunicorn.python.PythonContexts;
import io.jgunicorn.python.PythonLog;
import io.jgunicorn.python.SettingsHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.graalvm.polyglot.proxy.ProxyHashMap;

/**
 * The worker's one Python context with the application in it. The first Python thread makes it and
 * stays entered for life: weak-reference callbacks and the release of descriptors depend on it.
 * Other threads call {@link #enter} first.
 */
public final class AppPython {
    /**
     * Stack of a thread that runs application code, in bytes; reserved, not used: Django recurses
     * deeper than a default Java stack allows.
     */
    public static final long STACK_BYTES = 64L << 20;

    /**
     * How much of what a Python function calls is compiled into it, in nodes of the compiler.
     * Graal's own 12000 takes half as long again to warm up and makes Flask slower, not faster
     * (docs/performance.md).
     */
    private static final String INLINING_BUDGET = "1000";

    /**
     * A function whose code grows beyond so many nodes in the compiler stays interpreted. Without a
     * bound a single one (Django's {@code SQLCompiler.as_sql}) fills the whole heap
     * (docs/performance.md); the largest that pay have 60,000 to 150,000.
     */
    private static final String GRAPH_NODES = "150000";

    private static final Map<String, String> COMPILER =
            Map.of(
                    "compiler.MaximumGraalGraphSize", GRAPH_NODES,
                    "compiler.InliningExpansionBudget", INLINING_BUDGET,
                    "compiler.InliningInliningBudget", INLINING_BUDGET);

    private final Context context;
    private final ErrorLog log;
    private final WorkerHost host;
    private final Boot boot;
    private final PythonStacks stacks;
    private final Value finalizationRun;
    private final Value sourceFiles;

    /** Set by {@link #load}, before any other thread knows this object. */
    private Optional<Value> hooks = Optional.empty();

    private Value serve;
    private Value serveWithoutHooks;

    private AppPython(Context context, ErrorLog log, WorkerHost host, Boot boot) {
        this.context = context;
        this.log = log;
        this.host = host;
        this.boot = boot;
        this.stacks = new PythonStacks(module("stacks"), this::runInBackground, log);
        this.finalizationRun = module("finalization").getMember("run");
        this.sourceFiles = module("app_loader").getMember("source_files");
    }

    /**
     * What an application needs to be loaded.
     *
     * @param spec {@code MODULE}, {@code MODULE:NAME} or {@code MODULE:FACTORY(literals)}; or a
     *     PasteDeploy file, {@code FILE} or {@code FILE#NAME}
     * @param pasteVariables {@code NAME=VALUE} each, if the application comes from such a file
     * @param pythonPath folders of the {@code pythonpath} setting
     * @param logEnviron keys of the environ that the access log shows, in lower case
     */
    public record Boot(
            String spec,
            Optional<List<String>> pasteVariables,
            String chdir,
            List<String> pythonPath,
            boolean multithread,
            boolean multiprocess,
            String serverSoftware,
            List<String> logEnviron) {}

    /**
     * The configuration's hooks that run in a worker.
     *
     * @param source {@code file:PATH}, {@code python:MODULE} or {@code script:...}
     * @param names of the hooks it defines
     */
    public record Hooks(
            String source,
            Set<String> names,
            Map<String, Object> settings,
            long age,
            long masterPid,
            List<String> listeners,
            List<Integer> descriptors) {}

    /** What hooks ask of the worker, and tell it. Called on Python threads. */
    public interface HookEvents {
        /** {@code worker.alive} has been set to False. */
        void retire();

        /** Open connections. */
        int connections();

        /** Requests that wait for a thread. */
        int waiting();

        /** The requests that run may take their whole time again. */
        void restartDeadlines();
    }

    /**
     * The Logger that error log and access log go through.
     *
     * @param source as in {@link Hooks}; empty without a configuration file
     * @param hooks names of the hooks it defines
     * @param log the way there
     * @param dry true if it is only to be looked at whether there can be one
     */
    public record Logging(
            String source,
            Map<String, Object> settings,
            Set<String> hooks,
            PythonLog log,
            boolean dry) {}

    /**
     * Why booting failed.
     *
     * @param exitCode gunicorn's: 3, or 4 when the application is not where the operator said
     */
    public record Failure(int exitCode, String text) {
        /** The application cannot be found in its module. */
        public static final int APP_LOAD = 4;

        /** Any other failure while booting. */
        public static final int WORKER_BOOT = 3;
    }

    /** Booting failed; carries the reason as it is to be logged. */
    public static final class BootException extends Exception {
        private final transient Failure failure;

        BootException(Failure failure) {
            super(failure.text());
            this.failure = failure;
        }

        public Failure failure() {
            return failure;
        }
    }

    /**
     * Makes a context on the calling thread, which stays entered for life, with everything in place
     * but hooks and application.
     *
     * @throws BootException with the text for the operator
     */
    public static AppPython prepare(Boot boot, ErrorLog log, HookEvents events)
            throws BootException {
        try {
            Context context =
                    PythonContexts.open(
                            ContextOptions.from(System.getenv()), COMPILER, log::warning);
            AppPython python = new AppPython(context, log, new WorkerHost(log, events), boot);
            python.module("worker_process")
                    .getMember("prepare")
                    .executeVoid(python.host, python.settings(), catalogue());
            return python;
        } catch (PolyglotException e) {
            throw new BootException(new Failure(Failure.WORKER_BOOT, describe(e)));
        }
    }

    /**
     * Makes the Logger if there is to be one, runs the configuration's hooks and loads the
     * application, on the thread that called {@link #prepare}.
     *
     * @throws BootException with the text for the operator
     */
    public void load(Optional<Hooks> definition, Optional<Logging> logging) throws BootException {
        try {
            Value logger = logging.isPresent() ? openLog(logging.get()) : null;
            hooks = definition.map(hook -> makeHooks(hook, logger));
            Value functions =
                    module("worker_process")
                            .getMember("boot")
                            .execute(host, boot.spec(), settings(), hooks.orElse(null), logger);
            if (host.failure != null) {
                throw new BootException(host.failure);
            }
            serve = functions.getArrayElement(0);
            serveWithoutHooks = functions.getArrayElement(1);
        } catch (PolyglotException e) {
            throw new BootException(new Failure(Failure.WORKER_BOOT, describe(e)));
        }
    }

    private static SettingsHost catalogue() {
        return new SettingsHost(
                () ->
                        new SettingsCatalogue(
                                new GunicornCommand(ProductVersion.current(), System.getenv()),
                                Surroundings.current()));
    }

    private ProxyHashMap settings() {
        Map<Object, Object> settings = new HashMap<>();
        settings.put("chdir", boot.chdir());
        settings.put("pythonpath", ProxyArray.fromList(List.copyOf(boot.pythonPath())));
        settings.put(
                "paste_variables",
                boot.pasteVariables()
                        .map(items -> ProxyArray.fromList(List.copyOf(items)))
                        .orElse(null));
        settings.put("multithread", boot.multithread());
        settings.put("multiprocess", boot.multiprocess());
        settings.put("server_software", boot.serverSoftware());
        settings.put("log_environ", ProxyArray.fromList(List.copyOf(boot.logEnviron())));
        return ProxyHashMap.from(settings);
    }

    /** Held lines reach the Logger before anything of the operator's can log. */
    private Value openLog(Logging logging) throws BootException {
        Value logger =
                module("worker_log")
                        .getMember("open_in_worker")
                        .execute(
                                logging.source(),
                                PyText.reprOf(new TreeMap<>(logging.settings())),
                                ProxyArray.fromList(List.copyOf(logging.hooks())));
        String problem = logger.getMember("problem").asString();
        if (!problem.isEmpty()) {
            throw new BootException(new Failure(Failure.WORKER_BOOT, "Error: " + problem));
        }
        if (!logging.dry()) {
            log.followTarget(logging.log().attach(context, logger));
        }
        return logger;
    }

    private Value makeHooks(Hooks definition, Value logger) {
        return module("worker_hooks")
                .getMember("make")
                .execute(
                        definition.source(),
                        ProxyArray.fromList(List.copyOf(definition.names())),
                        PyText.reprOf(new TreeMap<>(definition.settings())),
                        PyText.reprOf(identity(definition)),
                        host,
                        logger);
    }

    /** What {@code worker_hooks.make} wants to know of this process. */
    private static Map<String, Object> identity(Hooks definition) {
        List<Object> listeners = new ArrayList<>();
        for (int i = 0; i < definition.listeners().size(); i++) {
            listeners.add(List.of(definition.listeners().get(i), definition.descriptors().get(i)));
        }
        return Map.of(
                "age", definition.age(),
                "pid", ProcessHandle.current().pid(),
                "ppid", definition.masterPid(),
                "listeners", listeners);
    }

    private static String describe(PolyglotException e) {
        StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()));
        e.getPolyglotStackTrace()
                .forEach(
                        frame -> {
                            if (frame.isGuestFrame()) {
                                text.append("\n  at ").append(frame);
                            }
                        });
        return text.toString();
    }

    private Value module(String name) {
        return context.eval("python", "__import__('importlib').import_module")
                .execute("jgunicorn." + name);
    }

    /** Enters the context for the life of the calling thread. */
    public void enter() {
        context.enter();
    }

    /** Leaves the context; the calling thread is about to end. */
    public void leave() {
        context.leave();
    }

    /** The function that serves one request. */
    public Value serve() {
        return serve;
    }

    /** The same without {@code pre_request} and {@code post_request}. */
    public Value serveWithoutHooks() {
        return serveWithoutHooks;
    }

    /**
     * What runs Python, for example {@code GraalVM CE}; {@code Interpreted} means without the JIT.
     */
    public String runtimeName() {
        return context.getEngine().getImplementationName();
    }

    /** Source files of the modules loaded so far. Call on an entered thread. */
    public List<String> sourceFiles() {
        Value files = sourceFiles.execute();
        String[] names = new String[Math.toIntExact(files.getArraySize())];
        for (int i = 0; i < names.length; i++) {
            names[i] = files.getArrayElement(i).asString();
        }
        return List.of(names);
    }

    /** Where its threads are. */
    public PythonStacks stacks() {
        return stacks;
    }

    /** What the hooks' log takes from now on. On an entered thread. */
    public void setLogLevel(LogLevel level) {
        hooks.ifPresent(object -> object.invokeMember("set_log_level", level.lowerName()));
    }

    /** Runs a task on a fresh thread that is entered in the context. */
    public void runInBackground(String name, Runnable task) {
        Thread thread =
                new Thread(
                        null,
                        () -> {
                            enter();
                            try {
                                task.run();
                            } catch (PolyglotException e) {
                                log.error("Exception in " + name + ": " + e.getMessage());
                            } catch (RuntimeException e) { // ours to mend, and never silent
                                log.error("Exception in " + name, e);
                            } finally {
                                leave();
                            }
                        },
                        name,
                        STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    /** Runs a worker hook, if the configuration has it, on the calling entered thread. */
    public void runHook(String name) {
        log.flush();
        hooks.ifPresent(object -> object.invokeMember("run_safely", name));
    }

    /**
     * Ends the interpreter as far as the application notices: its non-daemon threads are waited
     * for, exit handlers run, standard streams are flushed. Call on the thread that made the
     * context, when no other thread is inside, right before the process ends.
     *
     * @return what went wrong, or empty
     */
    public Optional<String> finish() {
        log.flush();
        try {
            finalizationRun.execute();
            return Optional.empty();
        } catch (PolyglotException | IllegalStateException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
