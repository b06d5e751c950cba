package io.jgunicorn.config;

import io.jgunicorn.config.OptionParser.Options;
import io.jgunicorn.config.OptionParser.Printed;
import io.jgunicorn.config.value.InvalidValueException;
import io.jgunicorn.config.value.RawValue;
import io.jgunicorn.config.value.Surroundings;
import io.jgunicorn.python.ConfigModule;
import io.jgunicorn.python.PythonFailure;
import io.jgunicorn.python.PythonHost;
import io.jgunicorn.python.PythonVariables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Merges the sources of the configuration: defaults, then the application argument (or what {@code
 * --paste} means for the name of the server and its log), then one Python file or module, then
 * {@code GUNICORN_CMD_ARGS}, then the command line; or a script that starts its own server, which
 * stands for all of them. Loading again (HUP) reads everything anew. Used by the thread that owns
 * the {@link PythonHost}, which is started only if there is a file to run.
 */
public final class ConfigLoader {
    private static final String CMD_ARGS = "GUNICORN_CMD_ARGS";
    private static final String DEFAULT_FILE = "gunicorn.conf.py";

    private final OptionParser parser;
    private final PythonHost python;
    private final Surroundings surroundings;
    private Optional<LoadedConfig> inUse = Optional.empty();

    public ConfigLoader(OptionParser parser, PythonHost python, Surroundings surroundings) {
        this.parser = parser;
        this.python = python;
        this.surroundings = surroundings;
        python.answerFrom(new SettingsCatalogue(parser, surroundings));
    }

    /**
     * The configuration these arguments, the environment and the file make, or the text that was
     * asked for instead.
     *
     * @throws ConfigFailure if it cannot be used
     */
    public LoadResult load(List<String> arguments) {
        Optional<ConfigSource> script =
                ConfigSource.script(arguments, surroundings.startDirectory());
        if (script.isPresent()) {
            // As in gunicorn: what else there is to read is the script's own affair.
            Options none = new Options(Map.of(), Optional.empty());
            return load(none, none, script);
        }
        Options commandLine;
        Options cmdArgs;
        switch (parser.parse(arguments)) {
            case Printed(String text) -> {
                return new LoadResult.Printed(text);
            }
            case Options options -> commandLine = options;
        }
        switch (parser.parse(ShellWords.split(environment(CMD_ARGS)))) {
            case Printed(String text) -> {
                return new LoadResult.Printed(text);
            }
            case Options options -> cmdArgs = options;
        }
        return load(
                commandLine,
                cmdArgs,
                fileOf(commandLine).or(() -> fileOf(cmdArgs)).or(this::defaultFile));
    }

    private LoadedConfig load(Options commandLine, Options cmdArgs, Optional<ConfigSource> source) {
        try {
            LoadedConfig loaded = merge(commandLine, cmdArgs, source);
            enterFolder(loaded);
            inUse = Optional.of(loaded);
            return loaded;
        } catch (ConfigFailure failure) {
            // The configuration in use goes on where it was: evaluating moved to the start folder.
            inUse.ifPresent(ConfigLoader::enterFolder);
            String notice = source.map(ConfigSource::notice).orElse("");
            throw failure.after(notice);
        }
    }

    private LoadedConfig merge(
            Options commandLine, Options cmdArgs, Optional<ConfigSource> source) {
        checkPython(surroundings.environment());
        SettingValues values = new SettingValues(surroundings);
        Optional<PasteFile> paste =
                commandLine
                        .text("paste")
                        .map(text -> PasteFile.named(text, surroundings.startDirectory()));
        Optional<String> application = paste.map(PasteFile::uri).or(commandLine::application);
        paste.map(PasteFile::path)
                .or(commandLine::application)
                .ifPresent(name -> applyApplication("default_proc_name", name, values));
        paste.filter(PasteFile::hasLoggers)
                .ifPresent(file -> applyApplication("logconfig", file.path(), values));
        Optional<ConfigModule> module = source.map(this::evaluate);
        module.ifPresent(evaluated -> applyFile(evaluated, source.orElseThrow(), values));
        apply(cmdArgs, new Origin.Environment(CMD_ARGS), values);
        apply(commandLine, new Origin.CommandLine(), values);
        application.ifPresent(spec -> applyApplication("wsgi_app", spec, values));
        if (source.filter(ConfigSource::isScript).isEmpty()) {
            values.requireApplication();
        }
        try {
            LoadedConfig loaded =
                    values.finish(source.map(ConfigSource::notice).orElse(""), source, module);
            checkPython(loaded.config().process().rawEnv());
            checkWarmup(loaded);
            return loaded;
        } catch (ConfigFailure failure) {
            throw failure.reporting(values.report());
        }
    }

    /**
     * Before any Python starts, here or in a worker: there it would be too late for one message.
     */
    private static void checkPython(Map<String, String> environment) {
        try {
            PythonVariables.options(environment);
        } catch (PythonFailure e) {
            throw ConfigFailure.error(e.getMessage());
        }
    }

    /** Before any worker starts: there nobody would be told. */
    private static void checkWarmup(LoadedConfig loaded) {
        ServerConfig config = loaded.config();
        try {
            List<WarmupRequest> _ =
                    WarmupRequests.read(
                            config.warmup().items(), config.process().chdir(), List.of());
        } catch (InvalidValueException e) {
            throw ConfigFailure.error(e.getMessage())
                    .about("warmup")
                    .from(loaded.origins().get("warmup"));
        }
    }

    private static void applyApplication(String name, String text, SettingValues values) {
        values.set(name, new RawValue.Text(text), new Origin.CommandLine());
    }

    private static void enterFolder(LoadedConfig loaded) {
        loaded.module().ifPresent(module -> module.enterFolder(loaded.config().process().chdir()));
    }

    private String environment(String name) {
        return surroundings.environment().getOrDefault(name, "");
    }

    private Optional<ConfigSource> fileOf(Options options) {
        return options.text("config")
                .map(text -> ConfigSource.named(text, surroundings.startDirectory()));
    }

    private Optional<ConfigSource> defaultFile() {
        Path file = surroundings.startDirectory().resolve(DEFAULT_FILE);
        return Files.exists(file)
                ? Optional.of(ConfigSource.named(file.toString(), surroundings.startDirectory()))
                : Optional.empty();
    }

    private ConfigModule evaluate(ConfigSource source) {
        try {
            return python.evaluate(
                    source.name(),
                    surroundings.startDirectory(),
                    Settings.all().stream().map(Setting::name).toList(),
                    Settings.hookNames());
        } catch (PythonFailure failure) {
            if (failure.exitCode().isPresent()) {
                throw new ConfigFailure(failure.exitCode().getAsInt(), failure.getMessage());
            }
            if (source.isScript()) {
                throw failure.traceback().isEmpty()
                        ? ConfigFailure.error(failure.getMessage())
                        : new ConfigFailure(
                                1, "Failed to run " + source.shown() + "\n" + failure.traceback());
            }
            throw source.isFile()
                    ? new ConfigFailure(
                            1,
                            "Failed to read config file: "
                                    + source.shown()
                                    + "\n"
                                    + failure.traceback())
                    : ConfigFailure.error(failure.getMessage());
        }
    }

    private static void applyFile(ConfigModule module, ConfigSource source, SettingValues values) {
        for (Map.Entry<String, RawValue> entry : module.values().entrySet()) {
            String name = entry.getKey();
            if (isTool(name, entry.getValue())) {
                continue;
            }
            try {
                values.set(
                        name,
                        entry.getValue(),
                        new Origin.File(source.label(), module.lineOf(name)));
            } catch (ConfigFailure failure) {
                throw new ConfigFailure(
                        1,
                        "Invalid value for "
                                + name
                                + ": "
                                + entry.getValue().str()
                                + "\n\n"
                                + failure.text());
            }
        }
    }

    /**
     * Whether this is a function, class or module that a file written for gunicorn calls by the
     * name of a setting which only we have: {@code def max_workers()} is common.
     */
    private static boolean isTool(String name, RawValue value) {
        boolean isTool =
                value instanceof RawValue.Callable
                        || value instanceof RawValue.ClassObject
                        || (value instanceof RawValue.Other && value.typeName().equals("module"));
        return isTool && Settings.named(name).orElseThrow().ours();
    }

    private static void apply(Options options, Origin origin, SettingValues values) {
        for (Setting setting : Settings.all()) {
            RawValue value = options.values().get(setting.name());
            if (value != null) {
                values.set(setting.name(), value, origin);
            }
        }
    }
}
