package io.jgunicorn.python;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/** Makes Python contexts. The thread that makes one is its main thread and should stay entered. */
public final class PythonContexts {
    /** Set by who wants to read what the runtime itself logs, such as its compilations. */
    private static final String LOG_FILE_PROPERTY = "polyglot.log.file";

    private PythonContexts() {}

    /**
     * A builder with everything set that does not depend on what the context is for: full access,
     * no user site, no implicit current directory, compiled modules cached, search path, PYTHON...
     * variables.
     *
     * @throws PythonFailure if such a variable is invalid
     */
    public static Context.Builder builder(ContextOptions options) {
        Context.Builder builder =
                Context.newBuilder("python")
                        .allowAllAccess(true)
                        .allowExperimentalOptions(true)
                        .option("engine.WarnInterpreterOnly", "false")
                        .option("python.WarnExperimentalFeatures", "false")
                        .option("python.NoUserSiteFlag", "true")
                        .option("python.SafePathFlag", "true")
                        .option("python.PythonPath", searchPath(options));
        if (System.getProperty(LOG_FILE_PROPERTY) == null) {
            // The runtime's own warnings are not for the operator's terminal.
            builder.logHandler(OutputStream.nullOutputStream());
        }
        options.bytecodeCache()
                .ifPresent(
                        folder ->
                                builder.option("python.DontWriteBytecodeFlag", "false")
                                        .option("python.PyCachePrefix", folder.toString()));
        PythonVariables.options(options.variables()).forEach(builder::option);
        return builder;
    }

    /**
     * {@link #open(ContextOptions, Map, Consumer)} for whom the reason of a fallback is of no use.
     */
    public static Context open(ContextOptions options) {
        return open(options, Map.of(), _ -> {});
    }

    /**
     * A new, initialised context, entered on this thread for as long as the thread lives. The
     * native POSIX calls are used where they work, Java's emulation elsewhere.
     *
     * @param compiler options of the compiler, {@code compiler.NAME}; left out where Python is only
     *     interpreted
     * @param warning told why Java's emulation is used
     * @throws PolyglotException if Python cannot start at all, or cannot use the virtual
     *     environment
     * @throws PythonFailure if a PYTHON... variable is invalid
     */
    public static Context open(
            ContextOptions options, Map<String, String> compiler, Consumer<String> warning) {
        Context context = initialised(options, compiler, warning);
        try {
            context.enter();
            options.distribution().ifPresent(home -> useCompiledModules(context, home));
            if (!options.libraries().isEmpty()) {
                member(context, "jgunicorn.own_gunicorn", "install").executeVoid();
            }
            options.virtualEnv().ifPresent(venv -> addVirtualEnv(context, venv));
            return context;
        } catch (RuntimeException e) {
            context.close(true);
            throw e;
        }
    }

    private static Context initialised(
            ContextOptions options, Map<String, String> compiler, Consumer<String> warning) {
        try {
            return initialised(options, compiler, "native");
        } catch (PolyglotException | IllegalArgumentException e) {
            Context context = initialised(options, compiler, "java");
            warning.accept(
                    "Python cannot use the system's own calls, only Java's emulation of them, which"
                            + " lacks some: "
                            + e.getMessage());
            return context;
        }
    }

    private static Context initialised(
            ContextOptions options, Map<String, String> compiler, String posixBackend) {
        Context context = built(options, compiler, posixBackend);
        try {
            context.initialize("python");
            return context;
        } catch (RuntimeException e) {
            context.close(true);
            throw e;
        }
    }

    private static Context built(
            ContextOptions options, Map<String, String> compiler, String posixBackend) {
        String backend = "python.PosixModuleBackend";
        try {
            return builder(options).option(backend, posixBackend).options(compiler).build();
        } catch (IllegalArgumentException e) {
            if (compiler.isEmpty()) {
                throw e;
            }
            // Without a compiler its options are unknown; what else is wrong is thrown again.
            return builder(options).option(backend, posixBackend).build();
        }
    }

    private static void useCompiledModules(Context context, Path distribution) {
        member(context, "jgunicorn.bytecode", "keep_beside_sources")
                .executeVoid(
                        distribution.toString(),
                        Boolean.getBoolean(ContextOptions.PACKAGING_PROPERTY));
    }

    /** Adds the packages of a virtual environment, whatever Python made it. */
    private static void addVirtualEnv(Context context, Path venv) {
        member(context, "jgunicorn.search_path", "add_virtual_env").executeVoid(venv.toString());
    }

    /** A function of one of our Python modules. */
    static Value member(Context context, String module, String name) {
        return context.getBindings("python")
                .getMember("__import__")
                .execute(module, null, null, new String[] {name})
                .getMember(name);
    }

    private static String searchPath(ContextOptions options) {
        return Stream.concat(
                        Stream.of(options.pythonPath()),
                        options.libraries().stream().map(Path::toString))
                .filter(folder -> !folder.isEmpty())
                .collect(Collectors.joining(java.io.File.pathSeparator));
    }
}
