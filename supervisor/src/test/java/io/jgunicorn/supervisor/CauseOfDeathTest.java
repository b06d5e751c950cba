package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CauseOfDeathTest {
    private static final int KILLED = 137;
    private static final int ABORTED = 134;

    @TempDir Path folder;

    private Optional<String> killed(CauseOfDeath causes, long pid) {
        return causes.of(pid, KILLED, folder, Instant.now());
    }

    private Path counting(String name, long kills) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "oom 9\noom_kill " + kills + "\n");
    }

    @Test
    void killOfTheKernelsIsBlamedOnMemoryOnce() throws IOException {
        Path file = counting("memory.events", 4);
        CauseOfDeath causes = new CauseOfDeath(Optional.of(file), folder);
        assertThat(killed(causes, 7)).as("no kill since the start").isEmpty();

        counting("memory.events", 6);

        String known =
                "The kernel has killed a process of this control group for lack of memory"
                        + " (oom_kill 6 in "
                        + file
                        + ").";
        assertThat(killed(causes, 7)).contains(known);
        assertThat(killed(causes, 8)).as("it killed two").contains(known);
        assertThat(killed(causes, 9)).isEmpty();
    }

    @Test
    void nothingIsKnownWhereTheKernelDoesNotCount() {
        assertThat(killed(new CauseOfDeath(Optional.empty(), folder), 7)).isEmpty();
        assertThat(killed(new CauseOfDeath(Optional.of(folder.resolve("none")), folder), 7))
                .isEmpty();
    }

    @Test
    void crashFileIsNamedIfItIsOfThisProcess() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("app"));
        Path file = Files.createFile(directory.resolve("hs_err_pid7.log"));
        Path temporary = Files.createFile(folder.resolve("hs_err_pid8.log"));
        Instant written = Files.getLastModifiedTime(file).toInstant();
        CauseOfDeath causes = new CauseOfDeath(Optional.empty(), folder);

        assertThat(causes.of(7, ABORTED, directory, written))
                .contains("Its JVM crashed; see " + file + ".");
        assertThat(causes.of(8, ABORTED, directory, written.minusSeconds(9)))
                .contains("Its JVM crashed; see " + temporary + ".");
        assertThat(causes.of(7, ABORTED, directory, written.plusSeconds(9)))
                .as("a file of long ago")
                .isEmpty();
        assertThat(causes.of(9, ABORTED, directory, written)).isEmpty();
        assertThat(causes.of(7, 3, directory, written)).as("it exited").isEmpty();
    }

    @Test
    void fileIsThatOfTheGroupOfTheProcess() throws IOException {
        Path events = counting("system.slice/app.service/memory.events", 0);
        assertThat(CauseOfDeath.killsFile(List.of("0::/system.slice/app.service"), folder))
                .contains(events);
    }

    @Test
    void fileOfAnOlderKernelIsInTheHierarchyOfTheController() throws IOException {
        Path control = counting("memory/docker/ab/memory.oom_control", 0);
        assertThat(
                        CauseOfDeath.killsFile(
                                List.of("5:cpu,cpuacct:/x", "4:memory:/docker/ab", "0::/"), folder))
                .contains(control);
    }

    @Test
    void mountOfAContainerIsTheGroupItself() throws IOException {
        Path events = counting("memory.events", 0);
        assertThat(CauseOfDeath.killsFile(List.of("0::/docker/ab"), folder)).contains(events);
        assertThat(CauseOfDeath.killsFile(List.of("0::/"), folder)).contains(events);
        assertThat(CauseOfDeath.killsFile(List.of(), folder)).isEmpty();
    }
}
