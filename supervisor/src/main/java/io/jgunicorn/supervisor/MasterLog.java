package io.jgunicorn.supervisor;

import io.jgunicorn.config.ConfigFailure;
import io.jgunicorn.config.LoadedConfig;
import io.jgunicorn.config.LogEchoes;
import io.jgunicorn.config.PythonLogging;
import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.log.PlainTarget;
import io.jgunicorn.os.Identity;
import io.jgunicorn.python.PythonFailure;
import io.jgunicorn.python.PythonHost;
import io.jgunicorn.python.PythonLog;
import io.jgunicorn.python.ServerControls;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The master's error log: {@code errorlog} itself, or a Logger of Python's logging where the
 * configuration that the master starts with asks for that. Used by the master's thread only; the
 * {@link ErrorLog} by any.
 */
final class MasterLog implements AutoCloseable {
    /** What the setting errorlog calls it. */
    private static final String STANDARD_ERROR = "-";

    private final ErrorLog error;
    private final PythonHost host;
    private final Optional<PythonLog> python;
    private final String loggerClass;

    /** Whom workers run as, who open the same files; read by the logging thread. */
    private volatile Identity readers;

    /** What syslog and StatsD follow; nothing until the first configuration is to be served. */
    private Optional<ServerConfig.Logging> echoed = Optional.empty();

    private MasterLog(
            ErrorLog error, PythonHost host, Optional<PythonLog> python, LoadedConfig first) {
        this.error = error;
        this.host = host;
        this.python = python;
        this.loggerClass = PythonLogging.loggerClass(first.settings());
        this.readers = first.config().process().workers();
    }

    /**
     * Opens the log that a configuration asks for.
     *
     * @param serves false if the configuration is only to be checked, which a worker does: no file
     *     is made here then
     * @throws ConfigFailure if Python's logging cannot be set up
     * @throws IOException if {@code errorlog} cannot be opened
     */
    static MasterLog open(LoadedConfig first, PythonHost host, boolean serves) throws IOException {
        ServerConfig.Logging logging = first.config().logging();
        if (!serves) {
            return plain(ErrorLog.open(STANDARD_ERROR, logging.level()), host, first);
        }
        if (!PythonLogging.isWantedBy(first.settings())) {
            MasterLog log = plain(ErrorLog.open(logging.errorLog(), logging.level()), host, first);
            log.echo(logging);
            return log;
        }
        PlainTarget plain = PlainTarget.open(logging.errorLog());
        PythonLog python = new PythonLog(plain, LogLevel.named(logging.level()));
        MasterLog log =
                new MasterLog(
                        new ErrorLog(python, LogLevel.DEBUG), host, Optional.of(python), first);
        python.onFilesOpened(log::share);
        try {
            log.error.followTarget(host.startLog(python, first.settings(), first.module()));
            log.echo(logging);
        } catch (PythonFailure e) {
            throw ConfigFailure.error(e.getMessage());
        }
        return log;
    }

    /** One without Python. */
    static MasterLog plain(ErrorLog error, PythonHost host, LoadedConfig first) {
        return new MasterLog(error, host, Optional.empty(), first);
    }

    ErrorLog error() {
        return error;
    }

    /** Lets the hooks of a configuration log. */
    void attach(LoadedConfig loaded, ServerControls controls) {
        loaded.module()
                .ifPresent(module -> module.attach(loaded.settings(), error, controls, python));
    }

    /**
     * Has handlers and levels of Python's logging, syslog and StatsD be those of a configuration;
     * not if it is for the other kind of log, which this one cannot become.
     *
     * @throws StartFailure if that cannot be; they stay what they were
     */
    void follow(LoadedConfig loaded) throws StartFailure {
        Map<String, Object> settings = loaded.settings();
        if (PythonLogging.isWantedBy(settings) != python.isPresent()) {
            restartNeeded(
                    python.isPresent()
                            ? "logs do not go through Python's logging any more"
                            : "logs go through Python's logging now");
            return;
        }
        if (python.isPresent()) {
            follow(loaded, python.get());
        }
        echo(loaded.config().logging());
    }

    private void follow(LoadedConfig loaded, PythonLog target) throws StartFailure {
        Map<String, Object> settings = loaded.settings();
        if (!PythonLogging.loggerClass(settings).equals(loggerClass)) {
            restartNeeded("logger_class changed");
        }
        readers = loaded.config().process().workers();
        try {
            error.followTarget(host.changeLog(target, settings, loaded.module()));
        } catch (PythonFailure e) {
            throw new StartFailure(1, "Error: " + e.getMessage());
        }
    }

    private void echo(ServerConfig.Logging logging) {
        boolean same =
                echoed.filter(before -> before.syslog().equals(logging.syslog()))
                        .filter(before -> before.statsd().equals(logging.statsd()))
                        .isPresent();
        if (!same) {
            echoed = Optional.of(logging);
            LogEchoes.of(logging, error);
        }
    }

    private void restartNeeded(String what) {
        error.warning(what + ": new workers do that, the master needs a restart for it");
    }

    /** Workers that run as another user open the handlers' files too. */
    private void share(List<String> files) {
        Identity owner = readers;
        if (owner.isCurrent()) {
            return;
        }
        for (String file : files) {
            try {
                LogFiles.giveAway(file, owner);
            } catch (StartFailure e) {
                error.warning(e.getMessage().strip());
            }
        }
    }

    @Override
    public void close() throws IOException {
        error.close();
    }
}
