package io.jgunicorn.supervisor;

import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An error log whose lines a test can wait for: the log writes to a pipe that this class reads. */
final class LogLines {
    private final BlockingQueue<String> arriving = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();
    private final ErrorLog log;

    LogLines(Path folder) throws IOException, InterruptedException {
        Path pipe = folder.resolve("log.pipe");
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        Thread.ofPlatform().daemon().start(() -> read(pipe));
        log = new ErrorLog(LogFile.appendingTo(pipe), LogLevel.DEBUG, Clock.systemUTC());
    }

    ErrorLog log() {
        return log;
    }

    /** Waits for a line that contains the text; lines before it are taken as read. */
    String await(String text) throws InterruptedException {
        while (true) {
            String line = arriving.poll(20, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("no log line with '" + text + "'; there were " + seen);
            }
            seen.add(line);
            if (line.contains(text)) {
                return line;
            }
        }
    }

    /** All lines so far. */
    List<String> all() {
        arriving.drainTo(seen);
        return seen;
    }

    private void read(Path pipe) {
        try (BufferedReader reader = Files.newBufferedReader(pipe)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                arriving.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
