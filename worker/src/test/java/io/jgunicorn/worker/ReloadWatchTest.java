package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadWatchTest {
    @TempDir private Path folder;

    private final ReloadWatch watch =
            new ReloadWatch(List::of, Instant.ofEpochSecond(100), new PolledSources(), _ -> {});

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
    void folderThatChangedWhileTheApplicationLoadedIsNoChange() throws IOException {
        watch.remember(List.of(folder));
        assertThat(watch.look()).isEmpty();
        file("added.html", 100);
        Files.setLastModifiedTime(folder, FileTime.fromMillis(1));
        assertThat(watch.look()).contains(folder);
    }

    @Test
    void changesThatFollowOneAnotherCloselyAreReportedOnceWhenTheyAreOver() throws Exception {
        Path app = file("app.py", 100);
        Path other = file("other.py", 100);
        List<String> story = new ArrayList<>();
        Deque<Step> steps =
                new ArrayDeque<>(
                        List.of(
                                () -> file("app.py", 101),
                                () -> file("other.py", 102),
                                () -> file("unwatched.log", 103), // may be a step of the same
                                () -> file("app.py", 104)));
        ReloadWatch[] watches = new ReloadWatch[1];
        SourceEvents events =
                eventsBy(
                        () -> {
                            if (steps.isEmpty()) {
                                return false; // quiet
                            }
                            story.add("step");
                            steps.remove().take();
                            return true;
                        });
        watches[0] =
                new ReloadWatch(
                        () -> List.of(app, other),
                        Instant.ofEpochSecond(100),
                        events,
                        file -> {
                            story.add("" + file.getFileName());
                            watches[0].stop();
                        });

        watches[0].run();

        assertThat(story).containsExactly("step", "step", "step", "step", "app.py");
    }

    @Test
    void changeIsNotReportedByAWatchThatIsEndedMeanwhile() throws Exception {
        Path app = file("app.py", 105);
        List<Path> reported = new ArrayList<>();
        ReloadWatch[] watches = new ReloadWatch[1];
        SourceEvents events =
                eventsBy(
                        () -> {
                            watches[0].stop();
                            return true;
                        });
        watches[0] =
                new ReloadWatch(
                        () -> List.of(app), Instant.ofEpochSecond(100), events, reported::add);

        watches[0].run();

        assertThat(reported).isEmpty();
    }

    /** Nothing but what this says happens while the watch waits. */
    private static SourceEvents eventsBy(BooleanSupplier await) {
        return new SourceEvents() {
            @Override
            public void watch(Path file) {}

            @Override
            public boolean await(Duration longest) {
                return await.getAsBoolean();
            }

            @Override
            public void close() {}
        };
    }

    /** What happens to files meanwhile. */
    private interface Step {
        Path make() throws IOException;

        default void take() {
            try {
                Path _ = make();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void missingFileIsNoChange() {
        watch.remember(List.of(folder.resolve("nowhere.py")));
        assertThat(watch.look()).isEmpty();
    }
}
