package io.jgunicorn.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogFileTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "-, false",
        "/dev/stdout, false",
        "/dev/stderr, false",
        "/dev/null, true",
        "a, true"
    })
    void standardStreamsAreNoFiles(String setting, boolean file) {
        assertThat(LogFile.isFile(setting)).isEqualTo(file);
    }

    @Test
    void reopenedFileIsTheOneOfThatNameNow() throws IOException {
        Path path = folder.resolve("log");
        Files.writeString(path, "before\n");
        try (LogFile log = LogFile.named(path.toString(), LogFile.stderr())) {
            log.write("one\n");
            Files.move(path, folder.resolve("log.1"));
            log.write("two\n");
            log.reopen();
            log.write("three\n");
        }
        assertThat(folder.resolve("log.1")).hasContent("before\none\ntwo\n");
        assertThat(path).hasContent("three\n");
    }

    @Test
    void fileInTheBackgroundIsReopenedBetweenTwoTexts() throws IOException {
        Path path = folder.resolve("log");
        try (LogFile log = LogFile.appendingTo(path)) {
            log.inBackground("test", count -> count + " dropped\n");
            log.write("one\n");
            log.flush(Duration.ofSeconds(10));
            Files.move(path, folder.resolve("log.1"));
            log.reopen();
            log.write("two\n");
        }
        assertThat(folder.resolve("log.1")).hasContent("one\n");
        assertThat(path).hasContent("two\n");
    }

    @Test
    @Timeout(30)
    void fifoThatNobodyReadsKeepsNobodyWaiting() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
        LogFile log = LogFile.appendingTo(fifo);
        log.inBackground("test", count -> count + " dropped\n");
        for (int i = 0; i < 1000; i++) {
            log.write("x".repeat(1000));
        }
        log.reopen();
        log.close();
    }

    @Test
    void fullDiskLosesTheTextAndNothingElse() throws IOException {
        try (LogFile log = LogFile.named("/dev/full", LogFile.stderr())) {
            assertThatCode(() -> log.write("lost\n")).doesNotThrowAnyException();
        }
    }
}
