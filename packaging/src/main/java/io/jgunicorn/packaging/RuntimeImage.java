package io.jgunicorn.packaging;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/**
 * The Java runtime of a distribution: the JDK that runs this, reduced to what the server needs,
 * with GraalPy and the Graal compiler linked in. A stock JDK takes the compiler from an upgrade
 * module path only, and that switches class data sharing off and makes AOT caches impossible.
 *
 * @param jdk home of the JDK that runs this
 * @param graal folder with the jars of GraalPy
 * @param compiler folder with the jars of the Graal compiler
 */
record RuntimeImage(Path jdk, Path graal, Path compiler) {
    private static final String COMPILER_MODULE = "jdk.graal.compiler";

    /** The modules that are asked for by name; what they need comes with them. */
    private static final List<String> ROOTS =
            List.of(
                    // Python, and what compiles it
                    "org.graalvm.polyglot",
                    "org.graalvm.py",
                    "org.graalvm.py.resources",
                    "org.graalvm.truffle.runtime",
                    "org.graalvm.truffle.compiler",
                    COMPILER_MODULE,
                    // Netty, Micrometer
                    "java.logging",
                    "java.management",
                    "java.naming",
                    "jdk.management",
                    "jdk.net",
                    "jdk.unsupported",
                    "jdk.crypto.ec",
                    // Python's codecs for Japanese, Korean and mainframe texts
                    "jdk.charsets",
                    // operators: jcmd, JMX, flight recordings, -javaagent
                    "java.instrument",
                    "jdk.attach",
                    "jdk.jcmd",
                    "jdk.jfr",
                    "jdk.management.agent",
                    "jdk.zipfs");

    private static final List<String> OPTIONS =
            List.of("--ignore-signing-information", "--no-header-files", "--no-man-pages");

    /**
     * Makes the image.
     *
     * @param work a folder for files in between; they are left there
     * @param image must not exist yet
     * @throws IOException if this JDK cannot make it, with the reason
     */
    void build(Path work, Path image) throws IOException {
        Path modules = new PackagedModules(jdk).provide(jdkModules(), work.resolve("jmods"));
        StringWriter messages = new StringWriter();
        PrintWriter out = new PrintWriter(messages);
        ToolProvider jlink =
                ToolProvider.findFirst("jlink")
                        .orElseThrow(() -> new IOException(jdk + " has no jlink"));
        List<String> arguments = new ArrayList<>(OPTIONS);
        arguments.addAll(
                List.of(
                        "--module-path",
                        modules + ":" + graal + ":" + compiler,
                        "--add-modules",
                        String.join(",", ROOTS),
                        "--output",
                        image.toString()));
        if (jlink.run(out, out, arguments.toArray(String[]::new)) != 0) {
            throw new IOException("jlink: " + messages.toString().strip());
        }
    }

    /** What the image is made of: when this changes, the image must be made anew. */
    String key() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(Runtime.version() + " " + System.getProperty("java.vm.vendor"));
        lines.add(OPTIONS + " " + ROOTS);
        for (Path folder : List.of(graal, compiler)) {
            for (Path jar : Jars.in(folder)) {
                lines.add(jar.getFileName() + " " + Files.size(jar));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    /** The modules of the JDK that the image needs, without the compiler module, which is empty. */
    private Set<String> jdkModules() throws IOException {
        Configuration all;
        try {
            all =
                    Configuration.empty()
                            .resolve(
                                    ModuleFinder.of(graal, compiler),
                                    ModuleFinder.ofSystem(),
                                    ROOTS);
        } catch (FindException | ResolutionException e) {
            throw new IOException(jdk + " lacks a module: " + e.getMessage(), e);
        }
        return all.modules().stream()
                .filter(module -> isOfJdk(module))
                .map(ResolvedModule::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isOfJdk(ResolvedModule module) {
        return module.reference()
                .location()
                .filter(location -> location.getScheme().equals("jrt"))
                .isPresent();
    }
}
