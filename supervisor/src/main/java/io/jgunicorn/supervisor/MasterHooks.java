package io.jgunicorn.supervisor;

import io.jgunicorn.log.LogLevel;
import io.jgunicorn.python.EnvironmentChanges;
import io.jgunicorn.python.HookArgument.Server;
import io.jgunicorn.python.HookArgument.Worker;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The hooks of a configuration that run in the master, at gunicorn's moments. Called on the
 * master's thread only; each may throw {@link io.jgunicorn.python.PythonFailure}.
 */
interface MasterHooks {
    /** A configuration without hooks. */
    MasterHooks NONE = new MasterHooks() {};

    /** The wanted number of workers is set; there is no old number at start. */
    default void nworkersChanged(Server server, int now, OptionalInt before) {}

    /** The pidfile is written, sockets are not open. */
    default void onStarting(Server server) {}

    /** The sockets are open, no worker has been started. */
    default void whenReady(Server server) {}

    /** A worker is about to be started. */
    default void preFork(Server server, Worker worker) {}

    /** A worker has been reaped. */
    default void childExit(Server server, Worker worker) {}

    /** A new configuration has been read and its sockets are open. */
    default void onReload(Server server) {}

    /** A new master is about to be started. */
    default void preExec(Server server) {}

    /** What {@code server.log} writes from now on, whatever the settings say. */
    default void setLogLevel(LogLevel level) {}

    /** The last thing before the master exits. */
    default void onExit(Server server) {}

    /** What configuration and hooks have done to the environment so far. */
    default EnvironmentChanges environment() {
        return new EnvironmentChanges(Map.of(), Set.of());
    }
}
