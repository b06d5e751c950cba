package io.jgunicorn.supervisor;

import io.jgunicorn.log.LogLevel;
import io.jgunicorn.os.Signal;
import java.util.Optional;

/**
 * How a worker process ended, and what the log says about it.
 *
 * @param value exit code, or 128 plus the signal that killed it, as {@link Process#exitValue} tells
 */
record ExitStatus(int value) {
    /** Exit code of a worker that could not boot. */
    static final int BOOT_FAILED = 3;

    /** Exit code of a worker that found no application where the configuration says. */
    static final int LOAD_FAILED = 4;

    private static final int HIGHEST_SIGNAL = 64;

    /** True if the worker says that another try would end the same way. */
    boolean cannotLoad() {
        return value == BOOT_FAILED || value == LOAD_FAILED;
    }

    /** Why the worker is not ready; for {@link #cannotLoad} in gunicorn's words. */
    String reason() {
        return switch (value) {
            case BOOT_FAILED -> "Worker failed to boot.";
            case LOAD_FAILED -> "App failed to load.";
            default -> "the worker ended while it booted";
        };
    }

    /**
     * How a worker ended that never became ready.
     *
     * @param reason what it said itself; blank if nothing
     */
    String bootFailure(long pid, String reason, Optional<String> cause) {
        return reason.isBlank()
                ? report(pid, false, cause).map(Action.Log::text).orElse("it left with exit code 0")
                : reason.strip();
    }

    /**
     * The line for the log; none for a worker that left in order.
     *
     * @param killedByUs the master itself sent KILL, so memory is not to blame
     * @param cause what else is known, as a sentence
     */
    Optional<Action.Log> report(long pid, boolean killedByUs, Optional<String> cause) {
        if (value == 0) {
            return Optional.empty();
        }
        String addition = cause.map(sentence -> " " + sentence).orElse("");
        String worker = "Worker (pid:" + pid + ") ";
        int number = value - 128;
        if (number <= 0 || number > HIGHEST_SIGNAL) {
            return Optional.of(
                    new Action.Log(
                            LogLevel.ERROR, worker + "exited with code " + value + "." + addition));
        }
        String sent = worker + "was sent SIG" + signalName(number) + "!";
        if (number == Signal.TERM.number()) {
            return Optional.of(new Action.Log(LogLevel.INFO, sent));
        }
        if (number == Signal.KILL.number() && !killedByUs) {
            return Optional.of(
                    new Action.Log(LogLevel.ERROR, sent + " Perhaps out of memory?" + addition));
        }
        return Optional.of(new Action.Log(LogLevel.WARNING, sent + addition));
    }

    private static String signalName(int number) {
        return switch (number) {
            case 4 -> "ILL";
            case 5 -> "TRAP";
            case 7 -> "BUS";
            case 8 -> "FPE";
            case 13 -> "PIPE";
            case 14 -> "ALRM";
            case 24 -> "XCPU";
            case 25 -> "XFSZ";
            case 31 -> "SYS";
            default -> Signal.ofNumber(number).map(Signal::name).orElse("-" + number);
        };
    }
}
