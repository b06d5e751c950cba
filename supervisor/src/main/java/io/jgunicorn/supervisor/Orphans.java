package io.jgunicorn.supervisor;

import io.jgunicorn.os.LibC;
import java.util.OptionalLong;
import java.util.function.LongPredicate;

/**
 * In a container the master is often process 1, to whom the kernel gives the children of processes
 * that have ended (pid_namespaces(7)), here those of workers. Whoever does not wait for them keeps
 * them as zombies. Those that the master's own hooks have started and not waited for go the same
 * way. Used by the master's thread only.
 */
final class Orphans {
    private static final long INIT = 1;

    private final boolean adopts = ProcessHandle.current().pid() == INIT;
    private final LongPredicate own;

    /**
     * @param own whether a process is the master's own child: the JDK waits for those
     */
    Orphans(LongPredicate own) {
        this.own = own;
    }

    /** Takes leave of those that have ended, if this is process 1. Never waits. */
    void reap() {
        if (!adopts) {
            return;
        }
        OptionalLong ended = LibC.endedChild();
        while (ended.isPresent() && !own.test(ended.getAsLong())) {
            LibC.reap(ended.getAsLong());
            ended = LibC.endedChild();
        }
    }
}
