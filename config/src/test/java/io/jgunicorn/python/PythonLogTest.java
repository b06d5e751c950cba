package io.jgunicorn.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jgunicorn.config.ConfigLoader;
import io.jgunicorn.config.Given;
import io.jgunicorn.config.LoadedConfig;
import io.jgunicorn.config.cli.GunicornCommand;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.log.PlainTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonLogTest {
    private static final String SHORT =
            """
            from gunicorn.glogging import Logger
            errorlog = 'python.log'
            class Short(Logger):
                error_fmt = '%(levelname)s %(message)s'
            logger_class = Short
            """;

    @TempDir Path folder;
    private PythonLog python;
    private ErrorLog log;

    @BeforeEach
    void open() throws IOException {
        LogFile file = LogFile.appendingTo(folder.resolve("plain.log"));
        python = new PythonLog(new PlainTarget(file, Clock.systemUTC()), LogLevel.INFO);
        log = new ErrorLog(python, LogLevel.DEBUG);
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    private LoadedConfig load(String file) throws IOException {
        Files.writeString(folder.resolve("gunicorn.conf.py"), file);
        return (LoadedConfig)
                new ConfigLoader(
                                new GunicornCommand("1", Map.of()),
                                SharedPython.host(),
                                Given.in(folder, Map.of()))
                        .load(List.of("app"));
    }

    private LogLevel start(String file) throws IOException {
        LoadedConfig loaded = load(file);
        return SharedPython.host().startLog(python, loaded.settings(), loaded.module());
    }

    private List<String> written(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name)).stream()
                .map(line -> line.replaceFirst("^\\[.*?\\] \\[\\d+\\] ", ""))
                .toList();
    }

    @Test
    void linesFromBeforePythonIsUpWaitForIt() throws IOException {
        log.info("early");
        log.debug("not enabled there");
        assertThat(start(SHORT)).isEqualTo(LogLevel.INFO);
        log.critical("late\nin two lines");
        log.flush();

        assertThat(written("python.log"))
                .containsExactly("INFO early", "CRITICAL late", "in two lines");
        assertThat(written("plain.log")).isEmpty();
    }

    @Test
    void whatPythonNeverTookIsWrittenPlainly() throws IOException {
        log.debug("not enabled");
        log.info("one");
        log.close();
        log.info("two");

        assertThat(written("plain.log")).containsExactly("[INFO] one");
    }

    @Test
    void linesThatAreTooManyAreCountedAndReported() throws IOException {
        for (int i = 0; i < 8200; i++) {
            log.info("line");
        }
        LogLevel _ = start(SHORT);
        python.flush(Duration.ofMinutes(1));

        assertThat(written("python.log"))
                .hasSize(8193)
                .contains("WARNING Log too slow: 8 lines dropped");
    }

    @Test
    void nobodyWaitsForALoggerThatIsStuck() throws Exception {
        Path gate = folder.resolve("gate");
        assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor()).isZero();
        LogLevel _ =
                start(
                        SHORT
                                + """
                                class Stuck(Short):
                                    def info(self, text):
                                        open('%s').close()
                                        super().info(text)
                                logger_class = Stuck
                                """
                                        .formatted(gate));
        log.info("stuck");
        log.error("behind it");
        // Python is not in the way of others either: this evaluates a file.
        assertThat(load("workers = 3").config().workers().count()).isEqualTo(3);
        assertThat(written("python.log")).isEmpty();
        Files.newOutputStream(gate).close();
        log.flush();

        assertThat(written("python.log")).containsExactly("INFO stuck", "ERROR behind it");
    }

    @Test
    void linesALoggerFailsForAreWrittenPlainly() throws IOException {
        LogLevel _ =
                start(
                        SHORT
                                + """
                                class Failing(Short):
                                    def error(self, text):
                                        raise OSError('full')
                                logger_class = Failing
                                """);
        log.error("kept");
        log.info("taken");
        log.flush();

        assertThat(written("plain.log"))
                .startsWith("[ERROR] kept")
                .anyMatch(line -> line.startsWith("[ERROR] The logger failed: Traceback"));
        assertThat(written("python.log")).containsExactly("INFO taken");
    }

    @Test
    void levelsOfAnOperatorAreThoseOfTheLoggerToo() throws IOException {
        log.followTarget(start(SHORT));
        log.debug("unseen");
        log.setThreshold(LogLevel.DEBUG);
        log.debug("seen");
        log.flush();

        assertThat(written("python.log")).containsExactly("DEBUG seen");
    }

    @Test
    void settingsThatAreFollowedComeAfterTheLevelOfAnOperator() throws IOException {
        LogLevel _ = start(SHORT);
        LoadedConfig verbose = load(SHORT + "loglevel = 'debug'\n");
        log.setThreshold(LogLevel.ERROR);
        log.followTarget(
                SharedPython.host().changeLog(python, verbose.settings(), verbose.module()));
        log.debug("seen");
        log.flush();

        assertThat(written("python.log")).containsExactly("DEBUG seen");
    }

    @Test
    void filesAreOpenedAnewAndTold() throws IOException {
        List<String> told = new CopyOnWriteArrayList<>();
        python.onFilesOpened(told::addAll);
        LogLevel _ = start(SHORT);
        Files.move(folder.resolve("python.log"), folder.resolve("old.log"));
        log.reopen();
        log.info("anew");
        log.flush();

        assertThat(written("python.log")).containsExactly("INFO anew");
        assertThat(told)
                .hasSize(2)
                .allSatisfy(
                        file ->
                                assertThat(Path.of(file).toRealPath())
                                        .isEqualTo(folder.resolve("python.log").toRealPath()));
    }

    @Test
    void otherSettingsAreFollowedAndBadOnesAreNot() throws IOException {
        LogLevel _ = start(SHORT);
        LoadedConfig other = load(SHORT.replace("python.log", "other.log"));
        LoadedConfig bad = load(SHORT + "logconfig_dict = {'version': 5}\n");
        PythonHost host = SharedPython.host();

        LogLevel least = host.changeLog(python, other.settings(), other.module());
        PythonFailure refused =
                catchThrowableOfType(
                        PythonFailure.class,
                        () -> {
                            LogLevel _ = host.changeLog(python, bad.settings(), bad.module());
                        });
        log.info("line");
        log.flush();

        assertThat(least).isEqualTo(LogLevel.INFO);
        assertThat(refused).hasMessage("logconfig_dict: Unsupported version: 5");
        assertThat(written("other.log")).containsExactly("INFO line");
        assertThat(written("python.log")).isEmpty();
    }
}
