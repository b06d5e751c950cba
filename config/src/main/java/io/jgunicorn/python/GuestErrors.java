package io.jgunicorn.python;

import org.graalvm.polyglot.PolyglotException;

/** Turns what the runtime throws into texts, so that no guest object is kept. */
final class GuestErrors {
    private GuestErrors() {}

    static PythonFailure of(PolyglotException e) {
        if (e.isExit()) {
            return PythonFailure.exit("", e.getExitStatus());
        }
        StringBuilder text = new StringBuilder("Traceback (most recent call last):\n");
        for (PolyglotException.StackFrame frame : e.getPolyglotStackTrace()) {
            if (frame.isGuestFrame()) {
                text.append("  ").append(frame).append('\n');
            }
        }
        return new PythonFailure(
                String.valueOf(e.getMessage()),
                text.append(e.getMessage()).append('\n').toString());
    }
}
