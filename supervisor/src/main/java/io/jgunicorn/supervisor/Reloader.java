package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.os.Descriptors;
import io.jgunicorn.os.Identity;
import io.jgunicorn.python.HookArgument.Server;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a HUP changes in the master itself: configuration, log, sockets, pidfile, hooks. Used by the
 * master's thread only.
 */
final class Reloader {
    private final ConfigurationSource source;
    private final ListenerSockets sockets;
    private final ErrorLog log;
    private final PidFileSlot pidFile;
    private final MasterTitle title;

    /** With what the master's log and control socket were opened, which stay. */
    private final ServerConfig opened;

    private ServerConfig current;

    /** Who has been given the log files and the socket files. */
    private Identity owner;

    /** What the log has been set up by since the start. */
    private LogSetup logSetup;

    /** The file that descriptors 1 and 2 append to, if capture_output is on. */
    private Optional<String> captured;

    Reloader(
            ConfigurationSource source,
            ListenerSockets sockets,
            ErrorLog log,
            PidFileSlot pidFile,
            MasterTitle title,
            Configuration config) {
        ServerConfig first = config.server();
        this.source = source;
        this.sockets = sockets;
        this.log = log;
        this.pidFile = pidFile;
        this.title = title;
        this.opened = first;
        this.current = first;
        this.owner = first.process().workers();
        this.logSetup = config.logSetup();
        this.captured = capturedBy(first);
    }

    /**
     * Reads the configuration anew and makes the master follow it.
     *
     * @param before the workers that are to be replaced
     * @throws StartFailure if it is unusable or an address cannot be bound; {@link #returnTo} makes
     *     the server go on as it was then
     */
    Deployment reload(Deployment running, Generation before, Server server) throws StartFailure {
        Configuration config = source.load();
        Deployment fresh = new Deployment(config, bind(config.server()));
        giveAway(config.server()); // after what fails most: nothing is to be given back then
        int count = config.generation(before.number()).scaledAs(before).target();
        Server after =
                fresh.server(count, server.workers(), server.masterPid(), server.successorPid());
        config.hooks()
                .nworkersChanged(
                        after, count, OptionalInt.of(Math.toIntExact(server.workerCount())));
        current = config.server();
        followLogging(config);
        if (!opened.controlSocket().equals(config.server().controlSocket())) {
            log.warning("The control socket changed: the master needs a restart for that");
        }
        config.warnings().forEach(log::warning);
        if (!fresh.listeners().equals(running.listeners())) {
            log.info("Listening at: " + ListenerSockets.shown(fresh.listeners()));
        }
        config.hooks().onReload(after);
        followPidFile(config.server().process().pidFile());
        title.follow(config.server().process());
        return fresh;
    }

    /**
     * A reload has failed, or is given up: what has followed it follows the configuration that
     * stays.
     */
    void returnTo(Configuration config) {
        ServerConfig stays = config.server();
        ServerConfig failed = current;
        current = stays;
        try {
            giveAway(stays);
        } catch (StartFailure e) {
            log.error(e.getMessage().strip());
        }
        if (!failed.equals(stays)) {
            if (hasOpenedLog(stays)) {
                captured = capturedBy(stays);
            }
            log.setThreshold(LogLevel.named(stays.logging().level()));
            reopenLogs();
            followPidFile(stays.process().pidFile());
            title.follow(stays.process());
        }
        if (!config.logSetup().equals(logSetup)) {
            returnTo(config.logSetup());
        }
    }

    /** The master before this one is gone: pidfile and title get their names. */
    void promote() {
        title.promote();
        try {
            pidFile.promote();
        } catch (StartFailure e) {
            log.warning(e.getMessage().strip());
        }
    }

    /** Opens the log files anew, after a rotation; makes those of the workers too. */
    void reopenLogs() {
        log.reopen();
        if (!owner.isCurrent()) {
            log.flush(); // workers, which are told next, may not make the files of handlers
        }
        try {
            LogFiles.prepare(current);
        } catch (StartFailure e) {
            log.error(e.getMessage().strip());
        }
        captured.ifPresent(Descriptors::redirectOutput);
    }

    /** The file that takes stdout and stderr, if the configuration wants that. */
    static Optional<String> capturedBy(ServerConfig config) {
        return Optional.of(config.logging().errorLog())
                .filter(file -> config.logging().captureOutput() && LogFile.isFile(file));
    }

    private List<Listener> bind(ServerConfig config) throws StartFailure {
        try {
            return sockets.reopenAll(config);
        } catch (BindFailure e) {
            throw new StartFailure(
                    1, "connection to " + e.shownAddress() + " failed: " + e.getMessage());
        }
    }

    /** Log files and socket files are those of whom workers of a configuration run as. */
    private void giveAway(ServerConfig config) throws StartFailure {
        Identity workers = config.process().workers();
        if (workers.equals(owner)) {
            LogFiles.prepare(config);
            return;
        }
        owner = workers;
        LogFiles.giveAway(config);
        sockets.giveFiles(workers);
    }

    private boolean hasOpenedLog(ServerConfig config) {
        return config.logging().errorLog().equals(opened.logging().errorLog());
    }

    private void returnTo(LogSetup stays) {
        logSetup = stays;
        try {
            stays.apply();
        } catch (StartFailure e) {
            log.error(e.getMessage().strip());
        }
    }

    private void followLogging(Configuration config) throws StartFailure {
        ServerConfig fresh = config.server();
        if (!hasOpenedLog(fresh)) {
            log.warning(
                    "errorlog changed: new workers use it, the master needs a restart for that");
        } else {
            captured = capturedBy(fresh);
        }
        log.setThreshold(LogLevel.named(fresh.logging().level()));
        logSetup = config.logSetup();
        logSetup.apply();
        reopenLogs();
    }

    private void followPidFile(Optional<Path> path) {
        try {
            pidFile.set(path);
        } catch (StartFailure e) {
            log.warning(e.getMessage());
        }
    }
}
