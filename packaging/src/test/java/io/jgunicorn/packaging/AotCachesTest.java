package io.jgunicorn.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCachesTest {
    @TempDir private Path dist;
    private AotCaches caches;

    @BeforeEach
    void recorded() throws IOException {
        caches = new AotCaches(dist);
        for (String file :
                List.of(
                        "lib/app/a.jar",
                        "lib/jgunicorn.jar",
                        "bin/jgunicorn",
                        "runtime/lib/modules",
                        "python/jgunicorn/wsgi.py",
                        "lib/training/application.py",
                        "aot/master.aot",
                        "aot/worker.aot")) {
            Path path = dist.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, file);
        }
        caches.complete();
    }

    @Test
    void areCurrentWhileNothingTheyWereMadeOfChanges() throws IOException {
        assertThat(caches.areCurrent()).isTrue();
    }

    @Test
    void areOutdatedByAChangedJarOrPythonFileOrLauncher() throws IOException {
        for (String file : List.of("lib/app/a.jar", "python/jgunicorn/wsgi.py", "bin/jgunicorn")) {
            Files.setLastModifiedTime(dist.resolve(file), FileTime.fromMillis(1_000_000));
            assertThat(caches.areCurrent()).as(file).isFalse();
            caches.complete();
        }
        Files.writeString(dist.resolve("lib/app/b.jar"), "one more");
        assertThat(caches.areCurrent()).isFalse();
    }

    @Test
    void areNotCurrentWhenOneIsGone() throws IOException {
        Files.delete(caches.worker());
        assertThat(caches.areCurrent()).isFalse();
    }
}
