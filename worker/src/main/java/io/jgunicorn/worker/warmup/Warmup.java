package io.jgunicorn.worker.warmup;

import io.jgunicorn.http.Exchange;
import io.jgunicorn.http.RequestHead;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.worker.wsgi.RequestErrors;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Brings a booted application to speed before its worker is ready: replays requests on a thread of
 * its own while the calling thread waits, so that a request that never returns cannot keep the
 * worker from becoming ready.
 */
public final class Warmup {
    /** Key of the environ by which an application can tell such a request; its value is True. */
    public static final String ENVIRON_KEY = "jgunicorn.warmup";

    /** A round takes no longer than this even if each request is to be replayed once. */
    static final Duration LONGEST = Duration.ofMinutes(2);

    /** What any request may take: the first ones import and connect. */
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(10);

    private final Duration limit;
    private final Duration patience;
    private final BiConsumer<String, Runnable> threads;
    private final ErrorLog log;

    /**
     * A warm-up. One request may take as long as all of them, at least ten seconds.
     *
     * @param limit {@code warmup_timeout}; zero: each request once
     * @param threads starts a named thread that may run Python
     */
    public Warmup(Duration limit, BiConsumer<String, Runnable> threads, ErrorLog log) {
        this(limit, limit.compareTo(LEAST_PATIENCE) > 0 ? limit : LEAST_PATIENCE, threads, log);
    }

    Warmup(Duration limit, Duration patience, BiConsumer<String, Runnable> threads, ErrorLog log) {
        this.limit = limit;
        this.patience = patience;
        this.threads = threads;
        this.log = log;
    }

    /**
     * Replays the requests and returns when that is over, at the latest {@code limit} and the
     * patience with one request after the start. Logs what failed, and one line at the end.
     *
     * @param calls makes what serves a request, from where it is to report errors
     */
    public void run(
            List<RequestHead> requests,
            Function<RequestErrors, ? extends Consumer<Exchange>> calls) {
        if (requests.isEmpty()) {
            return;
        }
        long start = System.nanoTime();
        Replay replay = new Replay(requests, limit, calls, log, ReplayClock.system());
        CountDownLatch done = new CountDownLatch(1);
        threads.accept(
                "warm-up",
                () -> {
                    try {
                        replay.run();
                    } finally {
                        done.countDown();
                    }
                });
        await(replay, done);
        log.info(
                String.format(
                        Locale.ROOT,
                        "Warmed up with %d requests in %.1f s (pid: %d)",
                        replay.returned(),
                        (System.nanoTime() - start) / 1e9,
                        ProcessHandle.current().pid()));
    }

    private void await(Replay replay, CountDownLatch done) {
        try {
            long left = patience.toNanos();
            while (left > 0) {
                if (done.await(left, TimeUnit.NANOSECONDS)) {
                    return;
                }
                left = replay.patienceLeft(patience);
            }
            replay.giveUp(patience);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the worker ends
        }
    }
}
