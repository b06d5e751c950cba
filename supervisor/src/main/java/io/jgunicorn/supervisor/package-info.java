/**
 * The master process: sockets, signals, spawning, reaping. One thread, "master", owns all state and
 * runs the loop of {@link io.jgunicorn.supervisor.Supervisor}; signals, child exits and the control
 * links of the workers only post {@link io.jgunicorn.supervisor.Event}s to it. What to do is
 * decided by {@link io.jgunicorn.supervisor.Plan} without touching a process. May depend on config
 * and on Netty's sockets; knows a worker only as a command line and a control link.
 */
package io.jgunicorn.supervisor;
