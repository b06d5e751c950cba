package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerCommandTest {
    private final WorkerCommand command =
            new WorkerCommand(
                    new JavaRuntime(Path.of("/jdk")),
                    Path.of("/dist"),
                    Path.of("/dist/python"),
                    List.of("-Xmx1g"));

    @Test
    void lineNamesTheModulesOfTheDistribution() {
        assertThat(command.line("@name", 42, 2))
                .startsWith("/jdk/bin/java")
                .contains(
                        "--upgrade-module-path=/dist/lib/compiler",
                        "--module-path=/dist/lib/graal",
                        "-Djgunicorn.home=/dist",
                        "-Djgunicorn.python=/dist/python")
                .containsSequence("-cp", "/dist/lib/jgunicorn.jar");
    }

    @Test
    void workerIsToldTheControlAddressTheMasterAndTheNumberOfListeners() {
        assertThat(command.line("@name", 42, 2))
                .endsWith("io.jgunicorn.worker.WorkerMain", "@name", "42", "2");
    }

    @Test
    void optionsOfTheOperatorComeAfterOursAndWin() {
        assertThat(command.line("@name", 42, 2)).containsSubsequence("-Xmx512m", "-Xmx1g", "-cp");
    }

    @Test
    void optionsAreSeparatedByBlanks() {
        assertThat(WorkerCommand.splitOptions(" -Xmx1g   -Da=b "))
                .containsExactly("-Xmx1g", "-Da=b");
        assertThat(WorkerCommand.splitOptions(" ")).isEmpty();
    }
}
