package io.jgunicorn.python;

import java.util.List;
import java.util.OptionalLong;

/**
 * An argument of a hook, as the master knows it; the Python side keeps the object it stands for.
 */
public sealed interface HookArgument {
    /**
     * The arbiter, as hooks see it.
     *
     * @param pid process id of the master
     * @param masterName {@code Master}, or {@code Master.2} before promotion
     * @param procName name of this server
     * @param workerCount workers wanted
     * @param addresses what is listened on, as {@code BindAddress.toString()} gives it; empty
     *     before the sockets are open
     * @param workers those alive now
     */
    record Server(
            long pid,
            String masterName,
            String procName,
            long workerCount,
            List<String> addresses,
            List<Worker> workers)
            implements HookArgument {
        public Server {
            addresses = List.copyOf(addresses);
            workers = List.copyOf(workers);
        }
    }

    /**
     * A worker, as hooks in the master see it.
     *
     * @param age its number in the order of spawning, from 1; identifies it
     * @param pid its process id, once it has one
     */
    record Worker(long age, OptionalLong pid) implements HookArgument {}

    /** A plain number. */
    record Count(long value) implements HookArgument {}

    /** Python's None. */
    record None() implements HookArgument {}
}
