package io.jgunicorn.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathJarTest {
    @TempDir private Path lib;

    @Test
    void namesTheJarsOfTheFolderInOrder() throws IOException {
        Path jar = write("b.jar", "a.jar", "notes.txt");

        try (JarFile file = new JarFile(jar.toFile())) {
            assertThat(file.getManifest().getMainAttributes().get(Attributes.Name.CLASS_PATH))
                    .isEqualTo("app/a.jar app/b.jar");
        }
    }

    @Test
    void sameClassPathLeavesTheFileAsItIs() throws IOException {
        Path jar = write("a.jar");
        FileTime longAgo = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(jar, longAgo);

        write("a.jar");
        assertThat(Files.getLastModifiedTime(jar)).isEqualTo(longAgo);
        write("b.jar");
        assertThat(Files.getLastModifiedTime(jar)).isGreaterThan(longAgo);
    }

    private Path write(String... names) throws IOException {
        Path app = Files.createDirectories(lib.resolve("app"));
        for (String name : names) {
            Files.writeString(app.resolve(name), "");
        }
        Path jar = lib.resolve("jgunicorn.jar");
        ClassPathJar.write(jar, app);
        return jar;
    }
}
