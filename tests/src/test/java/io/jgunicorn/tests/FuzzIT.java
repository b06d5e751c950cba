package io.jgunicorn.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.http.CorpusCase;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jazzer looks for requests that the server misreads, beginning with the corpus: 20 s, or {@code
 * -Dfuzz.seconds=3600 -Dit.test=FuzzIT}. What it finds belongs into the corpus.
 */
@Tag("product")
class FuzzIT {
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 20);

    /**
     * A usual run finds nothing new of itself: it must not fail a change it has nothing to do with.
     */
    private static final int SEED = SECONDS <= 20 ? 1 : 0;

    /** Longer inputs are mostly one byte, repeated. */
    private static final int LONGEST_INPUT = 2048;

    private static final Pattern SUMMARY = Pattern.compile("Done (\\d+) runs in (\\d+) second");

    @TempDir private Path folder;

    @Test
    @Timeout(value = 2, unit = TimeUnit.DAYS)
    void everyInputGetsTheSameVerdictHoweverItIsCut() throws Exception {
        Path seeds = Files.createDirectory(folder.resolve("seeds"));
        Path found = Files.createDirectory(folder.resolve("found"));
        Path log = folder.resolve("log");
        int number = 0;
        for (CorpusCase one : CorpusCase.all()) {
            Files.writeString(seeds.resolve("seed-" + number++), one.bytes(), ISO_8859_1);
        }
        Path words = Files.write(folder.resolve("words"), dictionary());
        Process jazzer =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-XX:+EnableDynamicAgentLoading",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Xmx1g",
                                "-cp",
                                classPath(),
                                "com.code_intelligence.jazzer.Jazzer",
                                "--target_class=io.jgunicorn.http.RequestFuzzer",
                                "--instrumentation_includes=io.jgunicorn.http.**:io.netty.handler.codec.**",
                                // It cannot stand Netty's way of using Unsafe.
                                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.UnsafeSanitizer",
                                "--reproducer_path=" + folder,
                                "-artifact_prefix=" + folder + "/",
                                "-dict=" + words,
                                "-max_len=" + LONGEST_INPUT,
                                "-timeout=10",
                                "-rss_limit_mb=2000",
                                "-print_final_stats=1",
                                "-max_total_time=" + SECONDS,
                                "-seed=" + SEED,
                                found.toString(),
                                seeds.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            int exit = jazzer.waitFor();
            String output = Files.readString(log, ISO_8859_1);
            assertThat(exit).as(() -> findings() + end(output)).isZero();
            Matcher summary = SUMMARY.matcher(output);
            assertThat(summary.find()).as(end(output)).isTrue();
            System.out.println("fuzz: " + summary.group());
            assertThat(Long.parseLong(summary.group(1))).isGreaterThan(CorpusCase.all().size());
        } finally {
            jazzer.destroyForcibly();
        }
    }

    /** Every word of the corpus once. */
    private static List<String> dictionary() throws IOException {
        return CorpusCase.all().stream()
                .flatMap(one -> Stream.of(one.bytes().split("[\\s,;:=\"\\\\]+")))
                .filter(word -> word.length() > 1 && word.length() < 24)
                .filter(word -> word.chars().allMatch(c -> c > 0x20 && c < 0x7f))
                .distinct()
                .map(word -> '"' + word + '"')
                .toList();
    }

    private static String classPath() {
        String underMaven = System.getProperty("surefire.test.class.path");
        return underMaven == null ? System.getProperty("java.class.path") : underMaven;
    }

    /** The inputs that broke something, as they would be written in the corpus. */
    private String findings() {
        File[] files =
                folder.toFile().listFiles((_, name) -> name.matches("(crash|timeout|oom)-.*"));
        return Stream.of(files == null ? new File[0] : files)
                .map(FuzzIT::escaped)
                .collect(Collectors.joining("\n"));
    }

    private static String escaped(File file) {
        try {
            return CorpusCase.escaped(Files.readString(file.toPath(), ISO_8859_1));
        } catch (IOException e) {
            return file + ": " + e.getMessage();
        }
    }

    private static String end(String output) {
        return "\n" + output.substring(Math.max(0, output.length() - 6000));
    }
}
