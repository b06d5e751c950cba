package io.jgunicorn.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * A Java runtime, and what it takes to have the Graal compiler in it.
 *
 * @param home its home folder
 */
record JavaRuntime(Path home) {
    /** The runtime this process runs on. */
    static JavaRuntime current() {
        return new JavaRuntime(Path.of(System.getProperty("java.home")));
    }

    Path command() {
        return home.resolve("bin/java");
    }

    /** True for the runtime that is part of the distribution: GraalPy and compiler are inside. */
    boolean isOf(Path distribution) {
        return home.equals(distribution.resolve("runtime"));
    }

    /** True for a GraalVM, whose own compiler is ready to use. */
    boolean isGraalVm() {
        Properties release = new Properties();
        try (var reader = Files.newBufferedReader(home.resolve("release"))) {
            release.load(reader);
        } catch (IOException _) {
            return false; // no release file: it has not said so
        }
        return release.containsKey("GRAALVM_VERSION");
    }

    /** JVM options with which Python is compiled, not only interpreted. */
    List<String> compilerOptions(Path distribution) {
        String jvmci = "-XX:+EnableJVMCI";
        String unlock = "-XX:+UnlockExperimentalVMOptions";
        if (isOf(distribution)) {
            return List.of(unlock, jvmci);
        }
        String modules = "--module-path=" + distribution.resolve("lib/graal");
        String roots =
                "--add-modules=org.graalvm.polyglot,org.graalvm.py,org.graalvm.py.resources,"
                        + "org.graalvm.truffle.runtime";
        if (isGraalVm()) {
            return List.of(modules, roots);
        }
        String compiler = "--upgrade-module-path=" + distribution.resolve("lib/compiler");
        return List.of(unlock, jvmci, compiler, modules, roots);
    }
}
