package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadWatchTest {
    @TempDir private Path folder;

    private final ReloadWatch watch =
            new ReloadWatch(List::of, List.of(), Instant.ofEpochSecond(100), _ -> {});

    private Path file(String name, long seconds) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "x");
        Files.setLastModifiedTime(file, FileTime.fromMillis(seconds * 1000));
        return file;
    }

    @Test
    void changedFileIsFoundOnce() throws IOException {
        Path app = file("app.py", 100);
        watch.remember(List.of(app, file("other.py", 100)));
        assertThat(watch.look()).isEmpty();
        file("app.py", 101);
        assertThat(watch.look()).contains(app);
        assertThat(watch.look()).isEmpty();
    }

    @Test
    void fileThatVanishesAndComesBackChangedIsFoundWhenItIsBack() throws IOException {
        Path app = file("app.py", 100);
        watch.remember(List.of(app));
        Files.delete(app);
        assertThat(watch.look()).isEmpty();
        file("app.py", 102);
        assertThat(watch.look()).contains(app);
    }

    @Test
    void rememberingAgainDoesNotHideAChange() throws IOException {
        Path app = file("app.py", 100);
        watch.remember(List.of(app));
        file("app.py", 103);
        watch.remember(List.of(app));
        assertThat(watch.look()).contains(app);
    }

    @Test
    void fileChangedSinceLoadingBeganCountsAsChanged() throws IOException {
        Path app = file("app.py", 105);
        watch.remember(List.of(app));
        assertThat(watch.look()).contains(app);
        assertThat(watch.look()).isEmpty();
    }

    @Test
    void missingFileIsNoChange() {
        watch.remember(List.of(folder.resolve("nowhere.py")));
        assertThat(watch.look()).isEmpty();
    }
}
