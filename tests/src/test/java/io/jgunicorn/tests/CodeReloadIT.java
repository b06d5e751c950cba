package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code reload}: an edit is served, once, and what is broken is not. */
@Tag("product") // gunicorn stops over code that cannot be loaded, and reloads for each file
class CodeReloadIT {
    private static final int PARTS = 200;

    @RegisterExtension static final Servers SERVERS = new Servers();

    /** Answers its own text, that of its parts, and of a template read while loading. */
    private static String code(String text) {
        return """
        import parts
        with open("page.html") as page:
            body = ("%s " + parts.text() + page.read()).encode()

        def app(environ, start_response):
            start_response("200 OK", [("Content-Length", str(len(body)))])
            return [body]
        """
                .formatted(text);
    }

    private static final String PARTS_CODE =
            """
            import importlib

            def text():
                modules = [importlib.import_module("part_%%d" %% i) for i in range(%d)]
                return "".join(sorted({module.TEXT for module in modules}))
            """
                    .formatted(PARTS);

    private static Launch app() {
        Launch launch =
                Launch.spec("app:app")
                        .file("app.py", code("one"))
                        .file("parts.py", PARTS_CODE)
                        .file("page.html", "")
                        .args("--reload");
        for (int i = 0; i < PARTS; i++) {
            launch.file("part_" + i + ".py", "TEXT = 'a'\n");
        }
        return launch;
    }

    private static Path file(ServerProcess server, String name) {
        return server.directory().resolve(name);
    }

    private static void awaitBody(ServerProcess server, String body) {
        server.awaitThat("the answer " + body, () -> server.get("/").body().equals(body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "poll", "inotify"})
    void editIsServedAndNamed(String engine) throws IOException {
        ServerProcess server = SERVERS.start(app().args("--reload-engine", engine)).awaitReady(1);
        assertThat(server.get("/").body()).isEqualTo("one a");
        int mark = server.log().mark();

        Files.writeString(file(server, "app.py"), code("another"));

        server.awaitLineAfter(
                mark, "\\[INFO\\] Worker reloading: " + file(server, "app.py") + " modified$");
        awaitBody(server, "another a");
    }

    @Test
    void filesChangedTogetherAreServedTogetherAndCompiledOnesAreNoChange() throws IOException {
        ServerProcess server = SERVERS.start(app()).awaitReady(1);
        int mark = server.log().mark();

        Files.createDirectory(file(server, "__pycache__"));
        Files.writeString(file(server, "__pycache__/app.cpython-312.pyc"), "");
        Files.writeString(file(server, "app.pyc"), "");
        for (int i = 0; i < PARTS; i++) {
            Files.writeString(file(server, "part_" + i + ".py"), "TEXT = 'b'\n");
        }
        awaitBody(server, "one b");
        Path written = Files.writeString(file(server, "app.py.new"), code("two"));
        Files.move(written, file(server, "app.py"), StandardCopyOption.REPLACE_EXISTING);
        awaitBody(server, "two b");

        // How many reloads that were depends on how long the writing took.
        assertThat(server.log().matching(mark, "Worker reloading: "))
                .allMatch(line -> line.matches(".*/(part_\\d+|app)\\.py modified"))
                .anyMatch(line -> line.endsWith("/app.py modified"))
                .anyMatch(line -> line.matches(".*/part_\\d+\\.py modified"));
    }

    @Test
    void extraFilesAreWatchedByNameByPatternAndByFolder() throws IOException {
        ServerProcess server =
                SERVERS.start(
                                app().file("templates/old.html", "")
                                        .file("docs/old.md", "")
                                        .args("--reload-extra-file", "page.html")
                                        .args("--reload-extra-file", "templates/**/*.html")
                                        .args("--reload-extra-file", "docs"))
                        .awaitReady(1);
        int mark = server.log().mark();

        Files.writeString(file(server, "page.html"), "!");
        awaitBody(server, "one a!");
        server.awaitLineAfter(mark, "Worker reloading: .*/page\\.html modified$");

        mark = server.log().mark();
        Files.writeString(file(server, "templates/old.html"), "changed");
        server.awaitLineAfter(mark, "Worker reloading: .*/templates/old\\.html modified$");
        server.awaitLineAfter(mark, "Worker ready after");

        int added = server.log().mark();
        server.awaitThat(
                "a reload because of docs", // watched from about when the worker is ready
                () -> {
                    addTo(file(server, "docs"));
                    return !server.log()
                            .matching(added, "Worker reloading: .*/docs modified$")
                            .isEmpty();
                });
    }

    private static void addTo(Path folder) {
        try {
            Files.createTempFile(folder, "new", ".md");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void codeThatCannotBeLoadedIsShownAndTheLastGoodOneServesUntilItIsMended() throws IOException {
        ServerProcess server =
                SERVERS.start(app().expecting("\\[ERROR\\]", "Traceback")).awaitReady(1);

        Files.writeString(file(server, "app.py"), "def app(:\n");
        server.awaitLine("SyntaxError: ");
        assertThat(server.get("/").body()).isEqualTo("one a");

        Files.writeString(file(server, "app.py"), code("mended"));
        awaitBody(server, "mended a");
    }
}
