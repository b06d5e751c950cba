package io.jgunicorn.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In a process of its own: the title of the test run stays. */
class ProcessTitleTest {

    /** Sets its first argument as title, then prints what the kernel tells. */
    static final class Titled {
        private Titled() {}

        public static void main(String[] arguments) throws IOException {
            ProcessTitle.set(arguments[0]);
            System.out.println(
                    Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1)
                            .replaceFirst("\0+$", ""));
            System.out.println(Files.readString(Path.of("/proc/self/comm")).strip());
            System.out.println(System.getenv("MARK"));
        }
    }

    private static List<String> shown(String title) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Titled.class.getName(),
                        title);
        builder.directory(Path.of("/").toFile()); // other tests change and remove ours
        builder.environment().put("MARK", "environment");
        Process process = builder.redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    @Test
    void titleTakesThePlaceOfTheCommandLine() throws IOException {
        assertThat(shown("gunicorn: master [shop]"))
                .containsExactly("gunicorn: master [shop]", "gunicorn: maste", "environment");
    }

    @Test
    void titleLongerThanTheCommandLineIsCutAndLeavesTheEnvironmentAlone() throws IOException {
        String longer =
                "x".repeat(20_000) + "y".repeat(System.getProperty("java.class.path").length());

        List<String> shown = shown(longer);

        assertThat(shown.getFirst()).startsWith("xxx").matches("x+y*");
        assertThat(shown.getLast()).isEqualTo("environment");
    }
}
