package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FolderEventsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir private Path folder;
    private FolderEvents events;

    @BeforeEach
    void open() throws IOException {
        events =
                FolderEvents.open(
                        new ErrorLog(LogFile.stderr(), LogLevel.DEBUG, Clock.systemUTC()));
    }

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void nothingHappensWhereNobodyDoesAnything() throws Exception {
        events.watch(folder.resolve("app.py"));
        assertThat(events.await(Duration.ofMillis(1))).isFalse();
    }

    @Test
    void fileThatIsReplacedIsTold() throws Exception {
        Path app = Files.writeString(folder.resolve("app.py"), "old");
        Path fresh = Files.writeString(folder.resolve("app.py.new"), "new");
        events.watch(app);
        Files.move(fresh, app, StandardCopyOption.REPLACE_EXISTING);
        assertThat(events.await(LONG)).isTrue();
    }

    @Test
    void otherFilesOfTheFolderAreNotTold() throws Exception {
        events.watch(Files.createFile(folder.resolve("app.py")));
        for (int i = 0; i < 3; i++) {
            Files.writeString(folder.resolve("app.log"), "line");
            assertThat(events.await(Duration.ofMillis(200))).isFalse();
        }
        Files.writeString(folder.resolve("app.py"), "changed");
        assertThat(events.await(LONG)).isTrue();
    }

    @Test
    void waitEndsThoughEventsGoOn() throws Exception {
        events.watch(Files.createFile(folder.resolve("app.py")));
        AtomicBoolean over = new AtomicBoolean();
        Thread writer =
                Thread.startVirtualThread(
                        () -> {
                            while (!over.get()) {
                                touch(folder.resolve("app.py"));
                                touch(folder.resolve("app.log"));
                            }
                        });
        try {
            assertThat(events.await(LONG)).isTrue();
            assertThat(events.await(LONG)).isTrue();
        } finally {
            over.set(true);
            writer.join();
        }
    }

    private static void touch(Path file) {
        try {
            Files.writeString(file, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void fileAddedToAWatchedFolderIsTold() throws Exception {
        Path templates = Files.createDirectory(folder.resolve("templates"));
        events.watch(templates);
        Files.writeString(templates.resolve("new.html"), "");
        assertThat(events.await(LONG)).isTrue();
    }

    @Test
    void folderThatIsMadeAnewIsWatchedAgain() throws Exception {
        Path inside = Files.createDirectory(folder.resolve("package")).resolve("__init__.py");
        events.watch(inside);
        Files.delete(inside.getParent());
        assertThat(events.await(LONG)).isTrue();
        Files.createDirectory(inside.getParent());
        events.watch(inside);
        Files.writeString(inside, "");
        assertThat(events.await(LONG)).isTrue();
    }

    @Test
    void closingEndsTheWait() throws Exception {
        Thread closer = Thread.startVirtualThread(events::close);
        assertThat(events.await(LONG)).isFalse();
        closer.join();
    }
}
