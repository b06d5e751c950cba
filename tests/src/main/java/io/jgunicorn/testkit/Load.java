package io.jgunicorn.testkit;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Keep-alive connections that send GET requests one after another, each on a virtual thread, until
 * a number of requests is reached or until stopped. A connection is opened anew only when the
 * server said {@code Connection: close} or a request failed. Every request that gets no complete
 * response is a failure, also one that meets a connection the server has just closed: a server that
 * drains must announce it.
 */
public final class Load implements AutoCloseable {
    private static final int FAILURES_UNTIL_A_CONNECTION_GIVES_UP = 20;

    /**
     * A request without a complete response.
     *
     * @param previousBody what the request before it on the same connection was answered; empty for
     *     the first request of a connection
     */
    public record Failure(String previousBody, String cause) {}

    /** What came back: how often each status and each body, and what went wrong. */
    public record Result(
            Map<Integer, Long> statuses, Map<String, Long> bodies, List<Failure> failures) {
        public Result {
            statuses = Map.copyOf(statuses);
            bodies = Map.copyOf(bodies);
            failures = List.copyOf(failures);
        }

        /** The different bodies, which are pids if the application answers its pid. */
        public Set<String> distinctBodies() {
            return new TreeSet<>(bodies.keySet());
        }

        public long answered() {
            return statuses.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private final SocketAddress address;
    private final String target;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Integer, Long> statuses = new TreeMap<>(); // all guarded by lock
    private final Map<String, Long> bodies = new TreeMap<>();
    private final List<Failure> failures = new ArrayList<>();
    private long answers;
    private long left;
    private int running;

    private Load(SocketAddress address, String target, long requests, int connections) {
        this.address = address;
        this.target = target;
        this.left = requests;
        this.running = connections;
    }

    /** Starts connections that share this many requests. */
    public static Load start(SocketAddress address, String target, int connections, long requests) {
        Load load = new Load(address, target, requests, connections);
        for (int i = 0; i < connections; i++) {
            Thread.ofVirtual().name("load-" + i).start(load::drive);
        }
        return load;
    }

    /** Starts connections that go on until {@link #stop}. */
    public static Load untilStopped(SocketAddress address, String target, int connections) {
        return start(address, target, connections, Long.MAX_VALUE);
    }

    private void drive() {
        try {
            int failed = 0;
            while (failed < FAILURES_UNTIL_A_CONNECTION_GIVES_UP && hasMore()) {
                failed += useConnection() ? 0 : 1;
            }
        } finally {
            lock.lock();
            try {
                running--;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Opens a connection and uses it until it ends; false if a request on it failed. */
    private boolean useConnection() {
        String previous = "";
        boolean unanswered = false;
        try (RawHttp http = RawHttp.connect(address)) {
            while (take()) {
                unanswered = true;
                Response response = http.get(target);
                unanswered = false;
                previous = response.body();
                succeeded(response);
                if (response.closesConnection()) {
                    return true;
                }
            }
            return true;
        } catch (IOException e) {
            // Connecting may fail before a request was taken: one was about to be sent.
            failed(new Failure(previous, e.toString()), !unanswered);
            return false;
        }
    }

    private boolean hasMore() {
        lock.lock();
        try {
            return left > 0;
        } finally {
            lock.unlock();
        }
    }

    private boolean take() {
        lock.lock();
        try {
            if (left <= 0) {
                return false;
            }
            left--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void succeeded(Response response) {
        lock.lock();
        try {
            statuses.merge(response.status(), 1L, Long::sum);
            bodies.merge(response.body(), 1L, Long::sum);
            answers++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void failed(Failure failure, boolean untaken) {
        lock.lock();
        try {
            failures.add(failure);
            left -= untaken && left > 0 ? 1 : 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until this many more requests have been answered than when called. */
    public void awaitAnswers(long more, Duration deadline) {
        lock.lock();
        try {
            long goal = answers + more;
            awaitReached(deadline, more + " more answers", () -> answers >= goal);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until this many different bodies have been seen. */
    public void awaitDistinctBodies(int count, Duration deadline) {
        lock.lock();
        try {
            awaitReached(deadline, count + " different bodies", () -> bodies.size() >= count);
        } finally {
            lock.unlock();
        }
    }

    /** With the lock held: waits for a goal of a load that goes on. */
    private void awaitReached(Duration deadline, String what, BooleanSupplier reached) {
        awaitChange(deadline, what, () -> reached.getAsBoolean() || running == 0);
        if (!reached.getAsBoolean()) {
            throw new AssertionError("load ended before " + what + ": " + result());
        }
    }

    /** Lets running requests finish, starts no others, and tells what happened. */
    public Result stop() {
        lock.lock();
        try {
            left = 0;
        } finally {
            lock.unlock();
        }
        return join(Duration.ofSeconds(100));
    }

    /** Waits until every request has been made. */
    public Result join(Duration deadline) {
        lock.lock();
        try {
            awaitChange(deadline, "the load to end", () -> running == 0);
            return result();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        stop();
    }

    private Result result() {
        return new Result(statuses, bodies, failures);
    }

    private void awaitChange(Duration deadline, String what, BooleanSupplier fact) {
        long nanos = deadline.toNanos();
        try {
            while (!fact.getAsBoolean()) {
                if (nanos <= 0) {
                    throw new AssertionError(
                            "waited "
                                    + Await.seconds(deadline)
                                    + " for "
                                    + what
                                    + ", so far: "
                                    + result());
                }
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("the test ran out of time waiting for " + what, e);
        }
    }
}
