package io.jgunicorn.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How to start a server: the words after the command, the environment, and the files in its working
 * directory. A builder, for one thread. Unless told otherwise the server binds {@code 127.0.0.1:0}.
 */
public final class Launch {
    private static final Path PYTHON =
            Path.of(System.getProperty("basedir", "."), "src/test/python").toAbsolutePath();

    private final List<String> application;
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new TreeMap<>();
    private final Map<String, String> files = new TreeMap<>();
    private final List<String> copied = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();
    private List<String> starter = List.of();
    private List<String> bind = List.of("--bind", "127.0.0.1:0");
    private boolean open;

    private Launch(List<String> application) {
        this.application = application;
    }

    /** An application of the apps folder, as gunicorn names it: {@code hello:app}. */
    public static Launch app(String spec) {
        return new Launch(List.of(spec)).copy(spec.split("[:.]", 2)[0]);
    }

    /** An application (or a wrong name) for which nothing is copied. */
    public static Launch spec(String spec) {
        return new Launch(List.of(spec));
    }

    /** No application on the command line. */
    public static Launch withoutApp() {
        return new Launch(List.of());
    }

    public Launch args(String... words) {
        arguments.addAll(List.of(words));
        return this;
    }

    /** Another program runs the command, which it gets as its last words, in its own process. */
    public Launch under(String... words) {
        starter = List.of(words);
        return this;
    }

    /** No {@code --bind} on the command line. */
    public Launch unbound() {
        bind = List.of();
        return this;
    }

    /** Others than the owner may read and enter the working directory. */
    public Launch inOpenDirectory() {
        open = true;
        return this;
    }

    public Launch env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** A file in the working directory. */
    public Launch file(String name, String text) {
        files.put(name, text);
        return this;
    }

    /** A file of the configs folder, as {@code gunicorn.conf.py}; it says what to bind. */
    public Launch config(String name) {
        try {
            return unbound()
                    .file(
                            "gunicorn.conf.py",
                            Files.readString(PYTHON.resolve("configs/" + name + ".conf.py")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A module or folder of the apps folder, copied into the working directory. */
    public Launch copy(String name) {
        copied.add(name);
        return this;
    }

    /** PasteDeploy is importable. */
    public Launch pasteDeploy() {
        return env("PYTHONPATH", PythonPackages.pasteDeploy().toString());
    }

    /** Flask, Django and what they need are importable. */
    public Launch frameworks() {
        return env("PYTHONPATH", PythonPackages.frameworks().toString());
    }

    /** Error lines of the log that this test is about. */
    public Launch expecting(String... regexes) {
        expected.addAll(List.of(regexes));
        return this;
    }

    List<String> command(Product product) {
        List<String> words = new ArrayList<>(starter);
        words.addAll(product.command());
        words.addAll(bind);
        words.addAll(arguments);
        words.addAll(application);
        return words;
    }

    Map<String, String> environment() {
        return environment;
    }

    List<String> expected() {
        return expected;
    }

    /** Fills the working directory. */
    void prepare(Path directory) {
        try {
            if (open) {
                Files.setPosixFilePermissions(
                        directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            for (String name : copied) {
                Path source = PYTHON.resolve("apps").resolve(name);
                if (Files.isDirectory(source)) {
                    copyFolder(source, directory.resolve(name));
                } else {
                    Files.copy(Path.of(source + ".py"), directory.resolve(name + ".py"));
                }
            }
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = directory.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copyFolder(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (!path.toString().contains("__pycache__")) {
                    Files.copy(path, to.resolve(from.relativize(path)));
                }
            }
        }
    }
}
