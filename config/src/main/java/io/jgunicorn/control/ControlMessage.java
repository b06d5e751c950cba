package io.jgunicorn.control;

import io.jgunicorn.log.LogLevel;
import java.util.Map;
import java.util.Set;

/**
 * One message on the link between the master and a worker. The link is a Unix stream socket; the
 * worker connects, receives the listening descriptors (SCM_RIGHTS, one per message), answers {@link
 * ListenersReceived}, and from then on both sides exchange these messages as the frames of {@link
 * ControlCodec}.
 */
public sealed interface ControlMessage {

    /** What the master tells a worker. */
    sealed interface ToWorker extends ControlMessage {}

    /** What a worker tells the master. */
    sealed interface ToMaster extends ControlMessage {}

    /** What a worker tells an operator; the master only passes it on. */
    sealed interface Answer extends ToMaster {}

    /**
     * First message to a worker: everything it needs to boot.
     *
     * @param age position of this worker in the order of spawning, from 1 (gunicorn: {@code
     *     worker.age})
     * @param listeners one entry per descriptor handed over, in the same order, as {@code
     *     BindAddress.toString()} gives it with the port really bound
     * @param settings effective settings by name; a value is a String, Long, Boolean, List of
     *     String, Map of String to String, or null
     * @param configSource what {@code -c} named ({@code file:PATH} with an absolute path, or {@code
     *     python:MODULE}), or empty when the worker has no Python configuration to run
     * @param hooks names of the hooks the configuration defines that run inside a worker
     * @param recentRequests heads of requests that running workers have answered, for the warm-up;
     *     see {@link RecentRequests}
     */
    record Configure(
            long age,
            java.util.List<String> listeners,
            Map<String, Object> settings,
            String configSource,
            Set<String> hooks,
            java.util.List<String> recentRequests)
            implements ToWorker {
        public Configure {
            listeners = java.util.List.copyOf(listeners);
            settings = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(settings));
            hooks = java.util.Collections.unmodifiableSet(new java.util.TreeSet<>(hooks));
            recentRequests = java.util.List.copyOf(recentRequests);
        }
    }

    /**
     * Load the application. Only workers with the {@code reload} setting wait for it: they prepare
     * everything else first, so that an edit shows as soon as the application itself has been
     * loaded.
     */
    record LoadApp() implements ToWorker {}

    /** Begin accepting connections; sent once, after {@link Ready}. */
    record Serve() implements ToWorker {}

    /** Stop accepting, finish what runs, then exit 0. */
    record Drain() implements ToWorker {}

    /** Break off what runs and exit 0 at once (gunicorn: QUIT). */
    record Quit() implements ToWorker {}

    /** Reopen the log files (gunicorn: USR1). */
    record ReopenLogs() implements ToWorker {}

    /**
     * Write to the error log what is at least of this level. Comes any time after {@link
     * Configure}, whose {@code loglevel} it replaces.
     */
    record SetLogLevel(LogLevel level) implements ToWorker {}

    /**
     * Tell where the threads are, with {@link StackTold} for each and then {@link StacksTold}.
     *
     * @param question comes back with the answers
     */
    record TellStacks(long question) implements ToWorker {}

    /** All announced descriptors have arrived; the master may send frames now. */
    record ListenersReceived() implements ToMaster {}

    /**
     * The application is loaded and the worker can serve.
     *
     * @param runtime what runs Python, for example {@code GraalVM CE} or {@code Interpreted}
     */
    record Ready(String runtime) implements ToMaster {}

    /**
     * The worker is alive; sent at least once a second from boot to exit.
     *
     * @param requests requests begun so far
     * @param busyThreads Python threads inside a request now
     * @param connections client connections open now
     */
    record Heartbeat(long requests, int busyThreads, int connections, Load load)
            implements ToMaster {}

    /**
     * How busy a worker was since its last heartbeat; measured where workers are scaled by load.
     *
     * @param busy mean share of its threads that were inside requests, 0 to 1; counted as 1 while a
     *     request waited for a thread
     * @param waiting mean number of requests that waited for a thread
     * @param residentBytes memory the process takes now
     */
    record Load(double busy, double waiting, long residentBytes) {
        public static final Load UNKNOWN = new Load(0, 0, 0);
    }

    /**
     * The worker reached {@code max_requests} (or saw a changed file) and asks to be replaced; it
     * serves on until told to drain.
     */
    record ReplaceMe(String reason) implements ToMaster {}

    /**
     * A request missed its deadline. The client has been answered; the worker has stopped
     * accepting, lets its other requests finish, logs where the stuck one is, and then waits to be
     * killed.
     *
     * @param request for example {@code GET /slow}
     * @param seconds how long the request had run
     */
    record RequestTimedOut(String request, double seconds) implements ToMaster {}

    /**
     * What the worker was asked lately, and could be asked again: replaces what the master knew.
     *
     * @param heads of GET requests, oldest first, bytes as ISO 8859-1 characters, to the end of the
     *     empty line
     */
    record RecentRequests(java.util.List<String> heads) implements ToMaster {
        public RecentRequests {
            heads = java.util.List.copyOf(heads);
        }
    }

    /** Where one thread is; one message for each, so that none is too long. */
    record StackTold(long question, ThreadStack stack) implements Answer {}

    /** There are no more threads. */
    record StacksTold(long question) implements Answer {}

    /** Booting failed; the process exits with this code (3 or 4) right after. */
    record BootFailed(int exitCode, String reason) implements ToMaster {}
}
