package io.jgunicorn.worker.warmup;

import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** What tests of the warm-up share. */
final class Warm {
    private Warm() {}

    static ErrorLog log(Path folder) throws IOException {
        return new ErrorLog(
                LogFile.named(folder.resolve("log").toString(), LogFile.stderr()),
                LogLevel.named("debug"),
                Clock.systemUTC());
    }

    /** The lines logged so far, without time and process. */
    static List<String> lines(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("log")).stream()
                .map(line -> line.replaceFirst("^\\[[^]]*] \\[\\d+] ", ""))
                .toList();
    }
}
