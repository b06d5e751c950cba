package io.jgunicorn.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Delivers signals to one consumer, on a thread of its own. Two ways:
 *
 * <ul>
 *   <li>signalfd, when the launcher started this JVM with the signals blocked ({@code env
 *       --block-signal}) and {@code -Xrs}: the only honest way to get QUIT, which HotSpot otherwise
 *       keeps for thread dumps;
 *   <li>the JVM's own handlers, everywhere else: all but QUIT.
 * </ul>
 */
public final class SignalSource {
    private SignalSource() {}

    /** Starts delivering; returns the signals that really arrive. */
    public static Set<Signal> start(Set<Signal> wanted, Consumer<Signal> consumer) {
        EnumSet<Signal> readable = EnumSet.copyOf(wanted);
        readable.retainAll(blocked());
        EnumSet<Signal> delivered = EnumSet.copyOf(readable);
        if (!readable.isEmpty()) {
            int fd = LibC.signalfd(readable);
            Thread thread = new Thread(() -> pump(fd, consumer), "signals");
            thread.setDaemon(true);
            thread.start();
        }
        for (Signal signal : wanted) {
            if (!readable.contains(signal) && JvmSignals.handle(signal, consumer)) {
                delivered.add(signal);
            }
        }
        return delivered;
    }

    private static void pump(int fd, Consumer<Signal> consumer) {
        while (true) {
            Signal.ofNumber(LibC.readSignal(fd)).ifPresent(consumer);
        }
    }

    /** The signals blocked in this process, from /proc; none where there is no /proc. */
    private static Set<Signal> blocked() {
        EnumSet<Signal> blocked = EnumSet.noneOf(Signal.class);
        try {
            for (String line : Files.readAllLines(Path.of("/proc/thread-self/status"))) {
                if (line.startsWith("SigBlk:")) {
                    long mask =
                            Long.parseUnsignedLong(line.substring("SigBlk:".length()).strip(), 16);
                    for (Signal signal : Signal.values()) {
                        if ((mask & (1L << (signal.number() - 1))) != 0) {
                            blocked.add(signal);
                        }
                    }
                }
            }
        } catch (IOException _) {
            return EnumSet.noneOf(Signal.class);
        }
        return blocked;
    }
}
