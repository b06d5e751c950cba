package io.jgunicorn.supervisor;

import io.jgunicorn.control.ControlMessage.Configure;
import io.jgunicorn.python.HookArgument.Server;
import io.jgunicorn.python.HookArgument.Worker;
import io.jgunicorn.supervisor.ControlServer.Briefing;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the workers of one generation are started with. */
record Deployment(Configuration config, List<Listener> listeners) {
    Deployment {
        listeners = List.copyOf(listeners);
    }

    /**
     * What a worker is told.
     *
     * @param recentRequests heads of what other workers were asked lately
     */
    Briefing briefing(long age, List<String> recentRequests) {
        return new Briefing(
                listeners,
                new Configure(
                        age,
                        listeners.stream().map(l -> l.bound().toString()).toList(),
                        config.settings(),
                        config.configSource(),
                        config.workerHooks(),
                        recentRequests));
    }

    /** The same, with other values for some settings. */
    Deployment with(Map<String, Object> others) {
        return new Deployment(config.with(others), listeners);
    }

    /**
     * The server as hooks see it.
     *
     * @param predecessor the master that is to be replaced by this one, 0 if there is none
     * @param successor the one that is to replace it, likewise
     */
    Server server(int workerCount, List<Worker> workers, long predecessor, long successor) {
        return new Server(
                ProcessHandle.current().pid(),
                predecessor == 0 ? "Master" : "Master.2",
                config.server().process().procName(),
                workerCount,
                listeners.stream().map(l -> l.bound().toString()).toList(),
                listeners.stream().map(l -> (long) l.descriptor().intValue()).toList(),
                listeners.stream().anyMatch(Listener::activated),
                predecessor,
                successor,
                workers);
    }

    /**
     * The process of a worker.
     *
     * @param errors where its stderr goes, if nothing captures it
     */
    ProcessLauncher.Child child(List<String> line, Redirect errors) {
        Optional<Redirect> captured =
                Reloader.capturedBy(config.server()).map(file -> Redirect.appendTo(new File(file)));
        return new ProcessLauncher.Child(
                line,
                config.workerEnvironment(),
                config.server().process().chdir(),
                captured.orElse(Redirect.INHERIT),
                captured.orElse(errors));
    }
}
