package io.jgunicorn.python;

import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogLevel;

/** The error log as hook_log.py calls it. Any thread. */
public final class HookLog {
    private final ErrorLog log;

    HookLog(ErrorLog log) {
        this.log = log;
    }

    /** A message; the level by its name. */
    public void accept(String level, String text) {
        log.log(LogLevel.named(level), text);
    }

    /** What {@code extra} of a call asks for. */
    public void metric(String name, String value, String type) {
        log.metric(name, value, type);
    }
}
