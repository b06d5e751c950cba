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
import java.util.List;
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
        assertThat(output(SOURCE_TREE.resolve("jgunicorn"))).startsWith("jgunicorn (version ");
    }

    @Test
    void launcherIsFoundThroughLinks(@TempDir Path folder) throws Exception {
        Path launcher = Path.of(Product.underTest().command().getFirst());
        Path link = Files.createSymbolicLink(folder.resolve("link"), launcher);
        Path linkToLink = Files.createSymbolicLink(folder.resolve("again"), Path.of("link"));
        assertThat(output(link)).startsWith("jgunicorn (version ");
        assertThat(output(linkToLink)).startsWith("jgunicorn (version ");
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

    private static String output(Path launcher) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(List.of(launcher.toString(), "--version"))
                        .redirectErrorStream(true)
                        .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text;
    }
}
