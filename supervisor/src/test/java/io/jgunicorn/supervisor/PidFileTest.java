package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
    private static final long OWN = ProcessHandle.current().pid();

    @TempDir Path folder;
    private Path path;

    @BeforeEach
    void choosePath() {
        path = folder.resolve("master.pid");
    }

    @Test
    void fileHoldsThePidAndIsReadableByAll() throws Exception {
        try (PidFile _ = PidFile.create(path, OWN)) {
            assertThat(path).hasContent(OWN + "\n");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-r--r--");
        }
        assertThat(folder).isEmptyDirectory();
    }

    /** A process that waits until its input is closed. */
    private static Process waiting(String name) throws IOException {
        return new ProcessBuilder("sh", "-c", "read line", name).start();
    }

    @Test
    void fileOfARunningServerIsRespected() throws Exception {
        Process other = waiting("gunicorn");
        Files.writeString(path, other.pid() + "\n");

        assertThatThrownBy(() -> PidFile.create(path, OWN))
                .isInstanceOf(StartFailure.class)
                .hasMessage(
                        "Error: Already running on PID %d (or pid file '%s' is stale)",
                        other.pid(), path);
        assertThat(path).hasContent(other.pid() + "\n");
        other.getOutputStream().close();
    }

    @Test
    void fileIsStaleIfItsPidIsAnotherProgramsByNow() throws Exception {
        Process other = waiting("postgres");
        Files.writeString(path, other.pid() + "\n");

        try (PidFile _ = PidFile.create(path, OWN)) {
            assertThat(path).hasContent(OWN + "\n");
        }
        other.getOutputStream().close();
    }

    @Test
    void fileOfADeadProcessOrOfNoneIsReplaced() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        for (String content : new String[] {dead.pid() + "\n", "", "rubbish"}) {
            Files.writeString(path, content);
            try (PidFile _ = PidFile.create(path, OWN)) {
                assertThat(path).hasContent(OWN + "\n");
            }
        }
    }

    @Test
    void missingFolderIsNamed() {
        Path missing = folder.resolve("none/master.pid");

        assertThatThrownBy(() -> PidFile.create(missing, OWN))
                .hasMessage(
                        "Error: %s doesn't exist. Can't create pidfile.", folder.resolve("none"));
    }

    @Test
    void fileThatHasBecomeAnothersIsLeftAlone() throws Exception {
        try (PidFile _ = PidFile.create(path, OWN)) {
            Files.writeString(path, "1\n");
        }
        assertThat(path).hasContent("1\n");
    }

    @Test
    void reloadWithAnotherNameMovesTheFile() throws Exception {
        Path other = folder.resolve("other.pid");
        try (PidFileSlot slot = new PidFileSlot()) {
            slot.set(Optional.of(path));
            slot.set(Optional.of(other));
            assertThat(path).doesNotExist();
            assertThat(other).exists();

            slot.set(Optional.of(other));
            assertThat(other).exists();
            slot.set(Optional.empty());
            assertThat(other).doesNotExist();
        }
    }
}
