package io.jgunicorn.supervisor;

import io.jgunicorn.os.Signal;
import io.jgunicorn.python.ServerControls;
import java.util.Optional;
import java.util.function.Consumer;

/** Hands what a hook asks for to the loop, which does it after the hook. */
record HookControls(Consumer<Event> events) implements ServerControls {
    private static final int MOST_STATUS = 255;

    @Override
    public void scale(long workers) {
        events.accept(new Event.WorkersWanted(Math.toIntExact(Math.max(0, workers))));
    }

    @Override
    public void reload() {
        events.accept(new Event.SignalReceived(Signal.HUP));
    }

    @Override
    public void stop(boolean graceful) {
        events.accept(new Event.SignalReceived(graceful ? Signal.TERM : Signal.INT));
    }

    @Override
    public void halt(String reason, long exitStatus) {
        events.accept(
                new Event.HaltAsked(
                        Math.toIntExact(exitStatus & MOST_STATUS),
                        Optional.of(reason).filter(text -> !text.isEmpty())));
    }
}
