package io.jgunicorn.python;

import io.jgunicorn.config.value.PyText;
import io.jgunicorn.config.value.RawValue;
import io.jgunicorn.log.LogLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/**
 * The Python of a process that runs configuration files: one context, started when the first file
 * is evaluated (which takes seconds) and kept for the life of the process, because native modules
 * load once per process only. All methods belong to one thread, which stays entered.
 */
public final class PythonHost implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ContextOptions options;
    private final Consumer<String> warning;
    private Optional<Context> context = Optional.empty();
    private Optional<Catalogue> catalogue = Optional.empty();

    public PythonHost(ContextOptions options) {
        this(options, _ -> {});
    }

    /**
     * @param warning told when Python had to be started with less than it can do
     */
    public PythonHost(ContextOptions options, Consumer<String> warning) {
        this.options = options;
        this.warning = warning;
    }

    /** Answers what configurations to come ask about settings. */
    public void answerFrom(Catalogue settings) {
        catalogue = Optional.of(settings);
    }

    /**
     * Runs a file, imports a module, or runs a script that starts its own server.
     *
     * @param source {@code file:/abs/path}, {@code python:MODULE} or {@code script:} with a list as
     *     Python text: the absolute path, then {@code sys.argv}
     * @param startDirectory current directory while it runs, and first on {@code sys.path}
     * @param names names to look for
     * @param hooks those of them that hold functions
     * @throws PythonFailure if the code raises, exits, or the runtime itself fails
     */
    public ConfigModule evaluate(
            String source, Path startDirectory, List<String> names, List<String> hooks) {
        try {
            Context open = context();
            catalogue.ifPresent(settings -> tell(open, settings));
            Value function = PythonContexts.member(open, "jgunicorn.config_file", "evaluate");
            Value outcome =
                    function.execute(
                            source,
                            startDirectory.toString(),
                            String.join(" ", names),
                            String.join(" ", hooks));
            String kind = outcome.getMember("kind").asString();
            String message = outcome.getMember("message").asString();
            return switch (kind) {
                case "exit" -> throw PythonFailure.exit(message, outcome.getMember("code").asInt());
                case "raised" ->
                        throw new PythonFailure(message, outcome.getMember("traceback").asString());
                default ->
                        new ConfigModule(
                                outcome,
                                values(outcome.getMember("values")),
                                lines(outcome.getMember("lines")),
                                strangers(outcome.getMember("strangers")));
            };
        } catch (PolyglotException e) {
            throw GuestErrors.of(e);
        }
    }

    private static void tell(Context open, Catalogue settings) {
        PythonContexts.member(open, "jgunicorn.settings_host", "use")
                .executeVoid(new SettingsHost(() -> settings));
    }

    /**
     * Makes the Logger that settings ask for, with its handlers, and has a log go there; starts
     * Python if it does not run yet.
     *
     * @param module where the settings come from, if from a file
     * @return the least level that the Logger takes
     * @throws PythonFailure if there can be none; its message is one line for the operator
     */
    public LogLevel startLog(
            PythonLog log, Map<String, Object> settings, Optional<ConfigModule> module) {
        try {
            Value opened =
                    PythonContexts.member(context(), "jgunicorn.loggers", "open_in_master")
                            .execute(literal(settings), value(module));
            refuse(opened.getMember("problem").asString());
            return log.attach(context(), opened);
        } catch (PolyglotException e) {
            throw GuestErrors.of(e);
        }
    }

    /**
     * Has the Logger of {@link #startLog} follow other settings.
     *
     * @return the least level that the Logger takes then
     * @throws PythonFailure if it cannot, and follows those from before; its message is one line
     */
    public LogLevel changeLog(
            PythonLog log, Map<String, Object> settings, Optional<ConfigModule> module) {
        try {
            return log.change(
                    logger ->
                            refuse(
                                    logger.invokeMember("set_up", literal(settings), value(module))
                                            .asString()));
        } catch (PolyglotException e) {
            throw GuestErrors.of(e);
        }
    }

    private static void refuse(String problem) {
        if (!problem.isEmpty()) {
            throw new PythonFailure(problem, "");
        }
    }

    private static String literal(Map<String, Object> settings) {
        return PyText.reprOf(new TreeMap<>(settings));
    }

    /** For Python: None if there is none. */
    private static Object value(Optional<ConfigModule> module) {
        return module.map(ConfigModule::evaluated).orElse(null);
    }

    private Context context() {
        if (context.isEmpty()) {
            try {
                context = Optional.of(PythonContexts.open(options, Map.of(), warning));
            } catch (IllegalArgumentException | IllegalStateException e) {
                String message = "Python cannot be started: " + e.getMessage();
                throw new PythonFailure(message, message + "\n");
            }
        }
        return context.get();
    }

    private static Map<String, RawValue> values(Value pairs) {
        Map<String, RawValue> values = new LinkedHashMap<>();
        for (long i = 0; i < pairs.getArraySize(); i++) {
            Value pair = pairs.getArrayElement(i);
            values.put(pair.getArrayElement(0).asString(), RawValues.read(pair.getArrayElement(1)));
        }
        return values;
    }

    private static Map<String, Integer> lines(Value pairs) {
        Map<String, Integer> lines = new HashMap<>();
        for (long i = 0; i < pairs.getArraySize(); i++) {
            Value pair = pairs.getArrayElement(i);
            lines.put(pair.getArrayElement(0).asString(), pair.getArrayElement(1).asInt());
        }
        return lines;
    }

    private static List<String> strangers(Value names) {
        List<String> strangers = new ArrayList<>();
        for (long i = 0; i < names.getArraySize(); i++) {
            strangers.add(names.getArrayElement(i).asString());
        }
        return strangers;
    }

    /**
     * Ends Python: exit handlers run, output is flushed. Modules must not be used afterwards.
     *
     * <p>Never fails, whatever threads the configuration has left running. Those that are no
     * daemons get a second to end, where Python would wait without limit; those inside a system
     * call, which keep a context from closing for another second at most, end with the process.
     */
    @Override
    public void close() {
        context.ifPresent(
                open -> {
                    try {
                        PythonContexts.member(open, "jgunicorn.config_file", "end")
                                .executeVoid(PATIENCE.toSeconds());
                    } catch (PolyglotException | IllegalStateException _) {
                        // An exit handler has failed: Python has said so on stderr.
                    }
                    open.leave();
                    release(open);
                });
        context = Optional.empty();
    }

    /** On a thread of its own, because it may wait for a thread that never comes back. */
    private static void release(Context open) {
        Thread closer =
                Thread.ofPlatform()
                        .name("jgunicorn-python-end")
                        .daemon(true)
                        .start(
                                () -> {
                                    try {
                                        open.close();
                                    } catch (PolyglotException | IllegalStateException _) {
                                        return; // threads are inside; the process ends them
                                    }
                                });
        try {
            closer.join(PATIENCE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
