package io.jgunicorn.python;

import io.jgunicorn.config.value.PyText;
import io.jgunicorn.config.value.RawValue;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogLevel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/**
 * One evaluated configuration file: its values, and its hooks to call. A later evaluation does not
 * disturb an earlier one, so after a failed reload the old hooks go on. All methods belong to the
 * thread that evaluated it.
 */
public final class ConfigModule {
    private static final double MILLIS_PER_SECOND = 1000;

    private final Value module;
    private final Map<String, RawValue> values;
    private final Map<String, Integer> lines;
    private final List<String> strangers;

    /** Written out before a hook, so that what the hook logs comes after it. */
    private Optional<ErrorLog> log = Optional.empty();

    ConfigModule(
            Value module,
            Map<String, RawValue> values,
            Map<String, Integer> lines,
            List<String> strangers) {
        this.module = module;
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.lines = Map.copyOf(lines);
        this.strangers = List.copyOf(strangers);
    }

    /** The Evaluated of config_file.py. */
    Value evaluated() {
        return module;
    }

    /** The settings it defines, in the order it defines them; other names are left out. */
    public Map<String, RawValue> values() {
        return values;
    }

    /** The line, from 1, in which it defines a name; 0 if that is not certain. */
    public int lineOf(String name) {
        return lines.getOrDefault(name, 0);
    }

    /**
     * The other names it defines, in the order it defines them, but for private ones and what holds
     * a module, function or class.
     */
    public List<String> strangers() {
        return strangers;
    }

    /** Makes a folder the current directory and puts it first on {@code sys.path}. */
    public void enterFolder(Path folder) {
        run(() -> module.invokeMember("enter_folder", folder.toString()));
    }

    /**
     * Tells the hooks what they may look at. Must precede the first {@link #call}.
     *
     * @param settings effective settings by name
     * @param log what {@code server.log} writes to
     * @param controls what the methods of {@code server} call
     * @param python the way of that log to a Python Logger, which {@link PythonHost#startLog} has
     *     made and which hooks get then
     */
    public void attach(
            Map<String, Object> settings,
            ErrorLog log,
            ServerControls controls,
            Optional<PythonLog> python) {
        this.log = Optional.of(log);
        HookLog sink = new HookLog(log);
        String literal = PyText.reprOf(new TreeMap<>(settings));
        Object logger = python.map(PythonLog::logger).orElse(null);
        run(() -> module.invokeMember("attach", literal, sink, controls, logger));
    }

    /**
     * Calls a hook, if the configuration defines it.
     *
     * @throws PythonFailure if it raises
     */
    public void call(String hook, HookArgument... arguments) {
        if (!values.containsKey(hook)) {
            return;
        }
        log.ifPresent(ErrorLog::flush);
        List<String> literals = new ArrayList<>();
        for (HookArgument argument : arguments) {
            literals.add(literal(argument));
        }
        run(
                () -> {
                    Value failure =
                            module.invokeMember(
                                    "call", hook, "[" + String.join(", ", literals) + "]");
                    if (!failure.isNull()) {
                        Value exit = failure.getArrayElement(0);
                        String message = failure.getArrayElement(1).asString();
                        throw exit.isNull()
                                ? new PythonFailure(message, failure.getArrayElement(2).asString())
                                : PythonFailure.exit(message, exit.asInt());
                    }
                });
    }

    /** What {@code server.log} writes from now on, whatever the settings say. */
    public void setLogLevel(LogLevel level) {
        run(() -> module.invokeMember("set_log_level", level.lowerName()));
    }

    /** Changes that Python code made to the environment; workers are to inherit them. */
    public EnvironmentChanges environment() {
        Map<String, String> set = new HashMap<>();
        Set<String> removed = new HashSet<>();
        run(
                () -> {
                    Value changes = module.invokeMember("environment_changes");
                    for (long i = 0; i < changes.getArraySize(); i++) {
                        Value change = changes.getArrayElement(i);
                        String name = change.getArrayElement(0).asString();
                        Value value = change.getArrayElement(1);
                        if (value.isNull()) {
                            removed.add(name);
                        } else {
                            set.put(name, value.asString());
                        }
                    }
                });
        return new EnvironmentChanges(set, removed);
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (PolyglotException e) {
            throw GuestErrors.of(e);
        }
    }

    /** An argument as a Python literal: one text crosses the border, whatever it holds. */
    private static String literal(HookArgument argument) {
        return switch (argument) {
            case HookArgument.Server server -> serverLiteral(server);
            case HookArgument.Worker worker -> workerLiteral(worker);
            case HookArgument.Count(long value) -> "('value', " + value + ")";
            case HookArgument.None() -> "('value', None)";
        };
    }

    private static String serverLiteral(HookArgument.Server server) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("pid", server.pid());
        facts.put("master_name", server.masterName());
        facts.put("proc_name", server.procName());
        facts.put("num_workers", server.workerCount());
        facts.put("addresses", server.addresses());
        facts.put("descriptors", server.descriptors());
        facts.put("master_pid", server.masterPid());
        facts.put("reexec_pid", server.successorPid());
        facts.put("systemd", server.systemd());
        List<String> workers = new ArrayList<>();
        server.workers().forEach(worker -> workers.add(workerLiteral(worker)));
        return "('server', " + PyText.reprOf(facts) + ", [" + String.join(", ", workers) + "])";
    }

    private static String workerLiteral(HookArgument.Worker worker) {
        return "('worker', "
                + worker.age()
                + ", "
                + (worker.pid().isPresent() ? Long.toString(worker.pid().getAsLong()) : "None")
                + ", "
                + worker.silence().toMillis() / MILLIS_PER_SECOND
                + ")";
    }
}
