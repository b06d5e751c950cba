package io.jgunicorn.python;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How to set up a Python context.
 *
 * @param libraries folders that hold our own {@code jgunicorn} Python package; searched last
 * @param pythonPath {@code PYTHONPATH}, which the runtime itself ignores; empty for none
 * @param virtualEnv root of a virtual environment whose packages are to be found
 * @param bytecodeCache where compiled modules are kept between starts; empty for nowhere
 * @param distribution folder whose modules were compiled when it was packaged; empty for none
 * @param variables PYTHON... variables, for {@link PythonVariables}
 */
public record ContextOptions(
        List<Path> libraries,
        String pythonPath,
        Optional<Path> virtualEnv,
        Optional<Path> bytecodeCache,
        Optional<Path> distribution,
        Map<String, String> variables) {
    /** System property that names {@link #libraries}, separated by {@code :}. */
    public static final String LIBRARIES_PROPERTY = "jgunicorn.python";

    /** System property that names this user's cache folder; the launcher sets it. */
    public static final String CACHE_PROPERTY = "jgunicorn.cache";

    /** System property that names {@link #distribution}; the launcher sets it. */
    public static final String HOME_PROPERTY = "jgunicorn.home";

    /**
     * System property that says, as {@code true}, that this run is part of the packaging: modules
     * of the distribution are compiled into it.
     */
    public static final String PACKAGING_PROPERTY = "jgunicorn.packaging";

    public ContextOptions {
        libraries = List.copyOf(libraries);
        variables = Map.copyOf(variables);
    }

    /**
     * Options for this process.
     *
     * @param environment variables that say where packages and caches are
     */
    public static ContextOptions from(Map<String, String> environment) {
        List<Path> libraries = new ArrayList<>();
        for (String folder : System.getProperty(LIBRARIES_PROPERTY, "").split(File.pathSeparator)) {
            if (!folder.isBlank()) {
                libraries.add(Path.of(folder).toAbsolutePath());
            }
        }
        return new ContextOptions(
                libraries,
                environment.getOrDefault("PYTHONPATH", ""),
                folder(environment.get("VIRTUAL_ENV")).filter(Files::isDirectory),
                cache(environment),
                folder(System.getProperty(HOME_PROPERTY)),
                environment.entrySet().stream()
                        .filter(variable -> variable.getKey().startsWith("PYTHON"))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** A folder of this user's only: whoever writes there decides what we run. */
    private static Optional<Path> cache(Map<String, String> environment) {
        if (!environment.getOrDefault("PYTHONDONTWRITEBYTECODE", "").isEmpty()) {
            return Optional.empty();
        }
        return folder(environment.get("PYTHONPYCACHEPREFIX"))
                .or(() -> folder(System.getProperty(CACHE_PROPERTY)).map(c -> c.resolve("pyc")))
                .or(
                        () ->
                                folder(environment.get("XDG_CACHE_HOME"))
                                        .or(
                                                () ->
                                                        folder(environment.get("HOME"))
                                                                .map(
                                                                        home ->
                                                                                home.resolve(
                                                                                        ".cache")))
                                        .map(cache -> cache.resolve("jgunicorn").resolve("pyc")));
    }

    private static Optional<Path> folder(String text) {
        return Optional.ofNullable(text)
                .filter(value -> !value.isEmpty())
                .map(Path::of)
                .filter(Path::isAbsolute);
    }
}
