package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtraFilesTest {
    private static final List<String> FILES =
            List.of(
                    "one.yml",
                    "[two].yml",
                    "{three}.yml",
                    "templates/a.html",
                    "templates/a.txt",
                    "templates/.hidden.html",
                    "templates/deep/er/b.html",
                    "templates/.git/c.html");

    @TempDir private Path parent;
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        folder = Files.createDirectory(parent.resolve("app[dev]"));
        for (String name : FILES) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.createFile(folder.resolve(name));
        }
    }

    private List<String> present(String... names) {
        List<Path> paths = Arrays.stream(names).map(folder::resolve).toList();
        return new ExtraFiles(folder, paths)
                .present().stream().map(path -> folder.relativize(path).toString()).toList();
    }

    @Test
    void namesWithoutPatternAreThoseThatExist() {
        assertThat(present("one.yml", "missing.yml", "templates", "templates/../one.yml"))
                .containsExactly("one.yml", "templates");
    }

    @Test
    void patternsMatchWithinAName() {
        assertThat(present("templates/*.html")).containsExactly("templates/a.html");
        assertThat(present("templates/?.[!h]*")).containsExactly("templates/a.txt");
        assertThat(present("*/deep/*/b.html")).containsExactly("templates/deep/er/b.html");
        assertThat(present("one.yml/*", "missing/*")).isEmpty();
    }

    @Test
    void whatBeginsWithADotHasToBeNamed() {
        assertThat(present("templates/.*.html")).containsExactly("templates/.hidden.html");
    }

    @Test
    void twoStarsAreAnyNumberOfFolders() {
        assertThat(present("**/*.html"))
                .containsExactly("templates/a.html", "templates/deep/er/b.html");
        assertThat(present("templates/**"))
                .containsExactly(
                        "templates",
                        "templates/a.html",
                        "templates/a.txt",
                        "templates/deep",
                        "templates/deep/er",
                        "templates/deep/er/b.html");
    }

    @Test
    void bracketsMatchThemselvesInsideBracketsAndBracesDoAlways() {
        assertThat(present("[[]two].y*")).containsExactly("[two].yml");
        assertThat(present("{three}.*")).containsExactly("{three}.yml");
    }

    @Test
    void folderThatLeadsBackToItsParentIsNotWalkedForEver() throws IOException {
        Files.createSymbolicLink(folder.resolve("templates/deep/up"), folder);

        assertThat(present("**/b.html")).containsExactly("templates/deep/er/b.html");
    }

    @Test
    void nameOutsideTheFolderMayHaveAPatternAnywhere() throws IOException {
        Files.createFile(parent.resolve("beside.txt"));

        assertThat(
                        new ExtraFiles(folder, List.of(Path.of(parent + "/b*.txt"), Path.of("/")))
                                .present())
                .containsExactly(Path.of("/"), parent.resolve("beside.txt"));
    }
}
