package io.jgunicorn.worker.warmup;

import io.jgunicorn.http.Exchange;
import io.jgunicorn.http.RequestHead;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.worker.wsgi.RequestErrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Replays requests in turn, round after round, until the time is over or it no longer helps. A
 * request that fails is reported once and not replayed again, or the log would fill with it.
 *
 * <p>{@link #run} has a thread of its own, which is also the one that reports errors; the other
 * methods are for the thread that waits for it.
 */
final class Replay implements Runnable, RequestErrors {
    /** A request on its way, or the time before the first. */
    private record Running(DiscardedExchange exchange, long since) {}

    private final List<RequestHead> requests;
    private final Duration limit;
    private final Consumer<Exchange> call;
    private final ErrorLog log;
    private final ReplayClock clock;
    private final AtomicLong returned = new AtomicLong();

    private volatile Running running;
    private volatile boolean givenUp;

    /** What was reported of the request that runs; empty: nothing. */
    private String error = "";

    /**
     * Prepares to replay.
     *
     * @param limit no request begins later than this after the start; zero: one round
     * @param calls makes what serves a request, from where it is to report errors
     */
    Replay(
            List<RequestHead> requests,
            Duration limit,
            Function<RequestErrors, ? extends Consumer<Exchange>> calls,
            ErrorLog log,
            ReplayClock clock) {
        this.requests = new ArrayList<>(requests);
        this.limit = limit;
        this.log = log;
        this.clock = clock;
        this.call = calls.apply(this);
        this.running = new Running(null, clock.nanoTime());
    }

    @Override
    public void run() {
        long start = clock.nanoTime();
        long nanos = (limit.isZero() ? Warmup.LONGEST : limit).toNanos();
        Plateau plateau = new Plateau(clock);
        boolean again = true;
        while (again) {
            Iterator<RequestHead> round = requests.iterator();
            while (again && round.hasNext()) {
                if (!replay(round.next())) {
                    round.remove();
                }
                again = !givenUp && clock.nanoTime() - start < nanos;
            }
            again &= !limit.isZero() && !requests.isEmpty() && !plateau.reached(returned.get());
        }
    }

    /** False if the request failed. */
    private boolean replay(RequestHead request) {
        DiscardedExchange exchange = new DiscardedExchange(request);
        error = "";
        running = new Running(exchange, clock.nanoTime());
        call.accept(exchange);
        returned.incrementAndGet();
        if (givenUp) {
            return false; // what it did in the end is not told any more
        }
        if (!error.isEmpty()) {
            log.warning("Warm-up request " + name(request) + " failed: " + error);
            return false;
        }
        if (exchange.statusSent() >= 500) {
            log.warning(
                    "Warm-up request " + name(request) + " was answered with " + exchange.status());
            return false;
        }
        return true;
    }

    private static String name(RequestHead request) {
        return request.method() + " " + request.target();
    }

    /** Requests that have returned so far. */
    long returned() {
        return returned.get();
    }

    /** How much of its patience the running request has left, in nanoseconds; not above 0: none. */
    long patienceLeft(Duration patience) {
        return patience.toNanos() - (clock.nanoTime() - running.since());
    }

    /** The running request counts as lost: nothing is replayed after it. */
    void giveUp(Duration patience) {
        givenUp = true;
        DiscardedExchange lost = running.exchange();
        if (lost != null) {
            lost.expire();
        }
        log.warning(
                "Warm-up ends early: "
                        + (lost == null ? "its thread" : name(lost.request()))
                        + " has not returned after "
                        + patience.toSeconds()
                        + " s and is left to itself");
    }

    @Override
    public void report(String message) {
        error = message;
    }

    @Override
    public void raised(String message, String traceback) {
        error = Traceback.exception(traceback);
    }

    @Override
    public void failed(String message, Throwable failure) {
        error = failure.toString();
    }
}
