package io.jgunicorn.supervisor;

import java.time.Duration;

/**
 * How long failing boots are left alone: 1, 2, 4 ... 30 seconds.
 *
 * @param failures boots failed since the last success
 * @param delay how long the last failure makes the next boot wait
 * @param notBefore no worker is started before this time
 */
record BackOff(int failures, Duration delay, Duration notBefore) {
    static final BackOff NONE = new BackOff(0, Duration.ZERO, Duration.ZERO);

    private static final long LONGEST_SECONDS = 30;

    BackOff afterFailure(Duration now) {
        Duration wait = Duration.ofSeconds(Math.min(LONGEST_SECONDS, 1L << Math.min(failures, 10)));
        return new BackOff(failures + 1, wait, now.plus(wait));
    }
}
