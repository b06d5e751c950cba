package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.config.ServerConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerCommandTest {
    private final WorkerCommand command =
            new WorkerCommand(
                    new JavaRuntime(Path.of("/jdk")),
                    Path.of("/dist"),
                    Path.of("/dist/python"),
                    List.of("-Xmx1g"));

    private List<String> line(long heapBytes) {
        return command.line(workers(heapBytes), "@name", 42, 2);
    }

    private static ServerConfig.Workers workers(long heapBytes) {
        return TestConfig.serving("ok").withHeap(heapBytes).server().workers();
    }

    @Test
    void lineNamesTheModulesOfTheDistribution() {
        assertThat(line(512L << 20))
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
        assertThat(line(512L << 20)).endsWith("io.jgunicorn.worker.WorkerMain", "@name", "42", "2");
    }

    @Test
    void optionsOfTheOperatorComeAfterOursAndWin() {
        assertThat(line(512L << 20)).containsSubsequence("-Xmx512m", "-Xmx1g", "-cp");
    }

    @Test
    void heapStartsSmallUnlessTheOperatorBoundsIt() {
        WorkerCommand without =
                new WorkerCommand(
                        new JavaRuntime(Path.of("/jdk")),
                        Path.of("/dist"),
                        Path.of("/dist/python"),
                        List.of("-Xss8m"));

        assertThat(without.line(workers(512L << 20), "@name", 42, 2))
                .containsSubsequence("-Xms128m", "-Xmx512m", "-Xss8m");
        assertThat(line(512L << 20)).noneMatch(option -> option.startsWith("-Xms"));
    }

    @ParameterizedTest
    @CsvSource({
        "536870912, -Xmx512m, -Xmn64m",
        "68719476736, -Xmx65536m, -Xmn8192m",
        "135266304, -Xmx129m, -Xmn16512k",
        "134218752, -Xmx131073k, -Xmn16384k",
    })
    void memoryBoundsTheHeapAndAnEighthOfItIsForYoungObjects(
            long bytes, String heap, String young) {
        assertThat(line(bytes)).containsSubsequence(heap, young, "-Xmx1g");
    }

    @Test
    void shownLineCanBePastedIntoAShell() {
        WorkerCommand spaced =
                new WorkerCommand(
                        new JavaRuntime(Path.of("/jdk")),
                        Path.of("/my dist"),
                        Path.of("/dist/python"),
                        List.of("-Da=*"));

        assertThat(spaced.shown(workers(512L << 20)))
                .startsWith("/jdk/bin/java -XX:+UnlockExperimentalVMOptions ")
                .contains(" '-Djgunicorn.home=/my dist' ", " '-Da=*' ")
                .endsWith(
                        " io.jgunicorn.worker.WorkerMain CONTROL_ADDRESS MASTER_PID DESCRIPTOR_COUNT");
    }

    @Test
    void optionsAreSeparatedByBlanks() {
        assertThat(WorkerCommand.splitOptions(" -Xmx1g   -Da=b "))
                .containsExactly("-Xmx1g", "-Da=b");
        assertThat(WorkerCommand.splitOptions(" ")).isEmpty();
    }
}
