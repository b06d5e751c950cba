package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaRuntimeTest {
    private static final Path DISTRIBUTION = Path.of("/dist");

    @Test
    void runtimeOfTheDistributionHasEverythingInside() {
        JavaRuntime own = new JavaRuntime(DISTRIBUTION.resolve("runtime"));

        assertThat(own.isOf(DISTRIBUTION)).isTrue();
        assertThat(own.compilerOptions(DISTRIBUTION))
                .containsExactly("-XX:+UnlockExperimentalVMOptions", "-XX:+EnableJVMCI");
    }

    @Test
    void stockJdkTakesPythonAndItsCompilerFromTheDistribution(@TempDir Path jdk)
            throws IOException {
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");

        assertThat(new JavaRuntime(jdk).compilerOptions(DISTRIBUTION))
                .contains(
                        "-XX:+EnableJVMCI",
                        "--upgrade-module-path=/dist/lib/compiler",
                        "--module-path=/dist/lib/graal");
    }

    @Test
    void graalVmKeepsItsOwnCompiler(@TempDir Path jdk) throws IOException {
        Files.writeString(
                jdk.resolve("release"), "JAVA_VERSION=\"25\"\nGRAALVM_VERSION=\"25.0.1\"\n");

        assertThat(new JavaRuntime(jdk).compilerOptions(DISTRIBUTION))
                .contains("--module-path=/dist/lib/graal")
                .noneMatch(option -> option.startsWith("--upgrade-module-path"));
    }
}
