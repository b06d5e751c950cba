package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Product;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The commands people type: in the source tree, through links, without a home. */
@Tag("product")
class LauncherIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    private static final Path SOURCE_TREE =
            Path.of(System.getProperty("jgunicorn.sources", "..")).toAbsolutePath().normalize();

    @Test
    void sourceTreeStartsWhatHasBeenBuilt() throws Exception {
        assertThat(output(SOURCE_TREE.resolve("jgunicorn"), "--version"))
                .startsWith("jgunicorn (version ");
    }

    @Test
    void launcherIsFoundThroughLinks(@TempDir Path folder) throws Exception {
        Path launcher = Path.of(Product.underTest().command().getFirst());
        Path link = Files.createSymbolicLink(folder.resolve("link"), launcher);
        Path linkToLink = Files.createSymbolicLink(folder.resolve("again"), Path.of("link"));
        assertThat(output(link, "--version")).startsWith("jgunicorn (version ");
        assertThat(output(linkToLink, "--version")).startsWith("jgunicorn (version ");
    }

    @Test
    void distributionBringsItsOwnJava() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("hello:app").env("PATH", "/usr/bin:/bin").env("JAVA_HOME", ""));
        server.awaitReady(1);

        server.awaitLine("Python runs on .* with its JIT compiler");
        assertThat(server.log().matching(0, "\\[warning\\]|AOT cache|CDS")).isEmpty();
    }

    @Test
    void linkedFolderLosesNothing(@TempDir Path folder) throws Exception {
        Path dist = distribution();
        Path link = Files.createSymbolicLink(folder.resolve("current"), dist);
        Path app = Files.writeString(folder.resolve("app.py"), "def app(e, s): pass\n");

        assertThat(
                        output(
                                link.resolve("bin/jgunicorn"),
                                "--chdir",
                                app.getParent().toString(),
                                "--print-config",
                                "app:app"))
                .contains("-XX:AOTCache=" + dist.resolve("aot/worker.aot"));
    }

    @Test
    void everyUserCanReadTheDistribution() throws IOException {
        try (Stream<Path> paths = Files.walk(distribution())) {
            assertThat(paths.filter(Files::isDirectory))
                    .allSatisfy(
                            path ->
                                    assertThat(Files.getPosixFilePermissions(path))
                                            .contains(
                                                    PosixFilePermission.OTHERS_READ,
                                                    PosixFilePermission.OTHERS_EXECUTE));
        }
    }

    @Test
    void codecsOfAllPythonsAreThere() {
        ServerProcess server =
                SERVERS.start(
                        Launch.spec("codecs_app:app")
                                .file(
                                        "codecs_app.py",
                                        """
                                        for name in "iso2022_jp", "cp949", "cp950", "cp037":
                                            assert "abc".encode(name).decode(name) == "abc"
                                        from hello import app
                                        """)
                                .copy("hello"));
        server.awaitReady(1);
    }

    private static Path distribution() throws IOException {
        return Path.of(Product.underTest().command().getFirst())
                .getParent()
                .getParent()
                .toRealPath();
    }

    private static String output(Path launcher, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text;
    }
}
