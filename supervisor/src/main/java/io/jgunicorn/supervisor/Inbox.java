package io.jgunicorn.supervisor;

import io.jgunicorn.os.Signal;
import io.jgunicorn.supervisor.Event.SignalReceived;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;

/** Events on their way to the loop. Any thread posts; only the loop's thread takes. */
final class Inbox {
    private final BlockingDeque<Event> events = new LinkedBlockingDeque<>();

    void post(Event event) {
        events.addLast(event);
    }

    /** The next event, or a tick if none comes in time. */
    Event next(Duration patience) throws InterruptedException {
        Event event = events.pollFirst(patience.toNanos(), TimeUnit.NANOSECONDS);
        return event == null ? new Event.Tick() : event;
    }

    /** Waits, but no longer than until a signal asks to stop. Other events stay, in order. */
    Optional<Signal> stopWithin(Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        List<Event> others = new ArrayList<>();
        Optional<Signal> stop = Optional.empty();
        while (stop.isEmpty()) {
            Event event = events.pollFirst(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                break;
            }
            if (event instanceof SignalReceived(Signal signal) && stops(signal)) {
                stop = Optional.of(signal);
            } else {
                others.add(event);
            }
        }
        others.reversed().forEach(events::addFirst);
        return stop;
    }

    /** True for the signals that ask the server to stop. */
    static boolean stops(Signal signal) {
        return signal == Signal.TERM || signal == Signal.INT || signal == Signal.QUIT;
    }
}
