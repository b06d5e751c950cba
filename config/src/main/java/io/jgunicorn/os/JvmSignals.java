package io.jgunicorn.os;

import java.util.function.Consumer;

/**
 * Signals through the JVM's own handlers: the only class that mentions {@code sun.misc}, compiled
 * by itself because javac warns of that and cannot be told not to.
 */
final class JvmSignals {
    private JvmSignals() {}

    /** Hands the signal to the consumer from now on; false if the JVM keeps it for itself. */
    static boolean handle(Signal signal, Consumer<Signal> consumer) {
        try {
            sun.misc.Signal.handle(
                    new sun.misc.Signal(signal.name()), _ -> consumer.accept(signal));
            return true;
        } catch (IllegalArgumentException _) {
            return false; // "Signal already used by VM or OS"
        }
    }
}
