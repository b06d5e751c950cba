package io.jgunicorn.python;

import java.time.Duration;
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
     * @param descriptors those of the sockets, in the order of the addresses
     * @param systemd the sockets are the service manager's
     * @param masterPid the master this one was started by to replace it, 0 if there is none
     * @param successorPid the master this one has started to be replaced by, 0 if there is none
     * @param workers those alive now
     */
    record Server(
            long pid,
            String masterName,
            String procName,
            long workerCount,
            List<String> addresses,
            List<Long> descriptors,
            boolean systemd,
            long masterPid,
            long successorPid,
            List<Worker> workers)
            implements HookArgument {
        public Server {
            addresses = List.copyOf(addresses);
            descriptors = List.copyOf(descriptors);
            workers = List.copyOf(workers);
        }
    }

    /**
     * A worker, as hooks in the master see it.
     *
     * @param age its number in the order of spawning, from 1; identifies it
     * @param pid its process id, once it has one
     * @param silence how long nothing has been heard of it
     */
    record Worker(long age, OptionalLong pid, Duration silence) implements HookArgument {
        /** One of which nothing is expected now. */
        public Worker(long age, OptionalLong pid) {
            this(age, pid, Duration.ZERO);
        }
    }

    /** A plain number. */
    record Count(long value) implements HookArgument {}

    /** Python's None. */
    record None() implements HookArgument {}
}
