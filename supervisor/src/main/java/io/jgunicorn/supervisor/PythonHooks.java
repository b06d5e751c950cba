package io.jgunicorn.supervisor;

import io.jgunicorn.log.LogLevel;
import io.jgunicorn.python.ConfigModule;
import io.jgunicorn.python.EnvironmentChanges;
import io.jgunicorn.python.HookArgument.Count;
import io.jgunicorn.python.HookArgument.None;
import io.jgunicorn.python.HookArgument.Server;
import io.jgunicorn.python.HookArgument.Worker;
import java.util.OptionalInt;

/** The hooks of an evaluated configuration file. On the master's thread only. */
record PythonHooks(ConfigModule module) implements MasterHooks {

    @Override
    public void nworkersChanged(Server server, int now, OptionalInt before) {
        module.call(
                "nworkers_changed",
                server,
                new Count(now),
                before.isPresent() ? new Count(before.getAsInt()) : new None());
    }

    @Override
    public void onStarting(Server server) {
        module.call("on_starting", server);
    }

    @Override
    public void whenReady(Server server) {
        module.call("when_ready", server);
    }

    @Override
    public void preFork(Server server, Worker worker) {
        module.call("pre_fork", server, worker);
    }

    @Override
    public void childExit(Server server, Worker worker) {
        module.call("child_exit", server, worker);
    }

    @Override
    public void onReload(Server server) {
        module.call("on_reload", server);
    }

    @Override
    public void preExec(Server server) {
        module.call("pre_exec", server);
    }

    @Override
    public void setLogLevel(LogLevel level) {
        module.setLogLevel(level);
    }

    @Override
    public void onExit(Server server) {
        module.call("on_exit", server);
    }

    @Override
    public EnvironmentChanges environment() {
        return module.environment();
    }
}
