package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.os.LibC;
import io.jgunicorn.os.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ProcessLauncherTest {
    @TempDir Path folder;

    @Test
    void childGetsTheEnvironmentTheFolderAndAnEmptyStdin() throws Exception {
        String script = "echo \"$A-$B\"; pwd -P; cat; echo end >&2";

        Process child = shell(script, Map.of("A", "one"));

        assertThat(child.waitFor()).isZero();
        assertThat(output()).containsExactly("one-", folder.toRealPath().toString(), "end");
    }

    @Test
    void outputIsAppendedToTheFile() throws Exception {
        shell("echo one", Map.of()).waitFor();
        shell("echo two", Map.of()).waitFor();

        assertThat(output()).containsExactly("one", "two");
    }

    @Test
    void exitCodesAndSignalsAreToldApart() throws Exception {
        assertThat(shell("exit 3", Map.of()).waitFor()).isEqualTo(3);
        Process child = shell("exec cat /dev/zero >/dev/null", Map.of());
        LibC.kill(child.pid(), Signal.KILL);
        assertThat(child.waitFor()).isEqualTo(128 + 9);
    }

    @Test
    void childOfAJvmWithBlockedSignalsHasNoneBlocked() throws Exception {
        Process jvm =
                ProcessLauncher.start(
                        child(
                                List.of(
                                        "/usr/bin/env",
                                        "--block-signal=TERM",
                                        "--block-signal=QUIT",
                                        "--block-signal=HUP",
                                        JavaRuntime.current().command().toString(),
                                        "-Xrs",
                                        "-XX:TieredStopAtLevel=1",
                                        "--enable-native-access=ALL-UNNAMED",
                                        "-cp",
                                        absoluteClassPath(),
                                        SignalMaskPrinter.class.getName(),
                                        output("out").toString()),
                                System.getenv()));

        assertThat(jvm.waitFor()).as(() -> "output " + output()).isZero();
        assertThat(output())
                .as("signal masks of the JVM, then of its child")
                .satisfiesExactly(
                        own -> assertThat(mask(own) & 0x4005L).isEqualTo(0x4005L),
                        child -> assertThat(mask(child)).isZero());
    }

    private Process shell(String script, Map<String, String> environment) throws IOException {
        return ProcessLauncher.start(child(List.of("/bin/sh", "-c", script), environment));
    }

    private ProcessLauncher.Child child(List<String> line, Map<String, String> environment) {
        Redirect file = Redirect.appendTo(output("out").toFile());
        return new ProcessLauncher.Child(line, environment, folder, file, file);
    }

    private Path output(String name) {
        return folder.resolve(name);
    }

    private List<String> output() {
        try {
            return Files.readAllLines(output("out"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long mask(String line) {
        return Long.parseUnsignedLong(line.substring("SigBlk:".length()).strip(), 16);
    }

    private static String absoluteClassPath() {
        return System.getProperty("java.class.path");
    }
}
