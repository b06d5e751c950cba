package io.jgunicorn.worker;

import io.jgunicorn.config.LogEchoes;
import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.http.AccessLog;
import io.jgunicorn.http.HttpNotices;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.log.PlainTarget;
import io.jgunicorn.log.Statsd;
import io.jgunicorn.os.Descriptors;
import io.jgunicorn.os.NativeCallException;
import io.jgunicorn.python.PythonLog;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;

/** The worker's error log, access log and captured output. Safe on any thread. */
final class WorkerLogs implements AutoCloseable {
    private final ServerConfig.Logging settings;
    private final ErrorLog error;
    private final LogEchoes echoes;
    private final Optional<AccessLog> access;
    private final Optional<PythonLog> python;

    private WorkerLogs(
            ServerConfig.Logging settings,
            ErrorLog error,
            Optional<LogFile> accessFile,
            Optional<PythonLog> python) {
        this.settings = settings;
        this.error = error;
        this.python = python;
        this.echoes = LogEchoes.of(settings, error);
        AccessLog.Destinations destinations =
                new AccessLog.Destinations(
                        accessFile,
                        echoes.syslog().filter(_ -> settings.syslog().orElseThrow().access()),
                        echoes.statsd());
        this.access =
                destinations.any()
                        ? Optional.of(
                                AccessLog.start(
                                        new AccessLog.Lines(
                                                settings.accessLogJson(),
                                                settings.accessLogFormat(),
                                                WorkerSettings.scriptName()),
                                        destinations,
                                        Clock.system(ZoneId.systemDefault()),
                                        notices()))
                        : Optional.empty();
    }

    /** Opens the files; their folders must exist. */
    static WorkerLogs open(ServerConfig.Logging settings) throws IOException {
        ErrorLog error = ErrorLog.open(settings.errorLog(), settings.level());
        Optional<LogFile> accessFile = Optional.empty();
        if (settings.accessLog().isPresent()) {
            accessFile = Optional.of(LogFile.named(settings.accessLog().get(), LogFile.stdout()));
        }
        return new WorkerLogs(settings, error, accessFile, Optional.empty());
    }

    /**
     * The same where logs go through Python's logging: everything waits for its Logger, which
     * filters by levels of its own and has an access log of its own.
     */
    static WorkerLogs openForPython(ServerConfig.Logging settings) throws IOException {
        PlainTarget plain = PlainTarget.open(settings.errorLog());
        PythonLog python = new PythonLog(plain, LogLevel.named(settings.level()));
        return new WorkerLogs(
                settings,
                new ErrorLog(python, LogLevel.DEBUG),
                Optional.empty(),
                Optional.of(python));
    }

    /** Present where logs go through Python's logging. */
    Optional<PythonLog> python() {
        return python;
    }

    ErrorLog error() {
        return error;
    }

    Optional<AccessLog> access() {
        return access;
    }

    /** What the HTTP side has to say, into the error log. */
    HttpNotices notices() {
        return new HttpNotices() {
            @Override
            public void warning(String message) {
                error.warning(message);
            }

            @Override
            public void debug(String message) {
                error.debug(message);
            }
        };
    }

    /** Opens all files anew (gunicorn: USR1), what the application prints included. */
    void reopen() {
        error.reopen();
        access.ifPresent(AccessLog::reopen);
        try {
            if (settings.captureOutput() && LogFile.isFile(settings.errorLog())) {
                Descriptors.redirectOutput(settings.errorLog());
            }
        } catch (NativeCallException e) {
            error.error("Can't reopen a log file: " + e.getMessage());
        }
    }

    /** Where metrics go, if anywhere. */
    Optional<Statsd> statsd() {
        return echoes.statsd();
    }

    /** Writes out what waits, for some seconds at most; nothing can be logged any more. */
    @Override
    public void close() {
        access.ifPresent(AccessLog::close);
        try {
            error.close();
        } catch (IOException _) {
            return; // the process is about to end, and has nowhere left to say so
        }
    }
}
