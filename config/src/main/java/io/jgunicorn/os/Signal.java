package io.jgunicorn.os;

import java.util.Locale;
import java.util.Optional;

/** The signals the server handles or sends, with their Linux numbers. */
public enum Signal {
    HUP(1),
    INT(2),
    QUIT(3),
    ABRT(6),
    KILL(9),
    USR1(10),
    SEGV(11),
    USR2(12),
    TERM(15),
    CHLD(17),
    TTIN(21),
    TTOU(22),
    WINCH(28);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The name as gunicorn logs it: {@code hup}. */
    public String lowerName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Signal> ofNumber(int number) {
        for (Signal signal : values()) {
            if (signal.number == number) {
                return Optional.of(signal);
            }
        }
        return Optional.empty();
    }
}
