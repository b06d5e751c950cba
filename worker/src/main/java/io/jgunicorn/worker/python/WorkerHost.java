package io.jgunicorn.worker.python;

import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogLevel;

/** What our own Python code calls of the worker; on whichever Python thread it runs. */
public final class WorkerHost {
    private final ErrorLog log;
    private final AppPython.HookEvents events;

    /** Written and read by the booting thread. */
    AppPython.Failure failure;

    WorkerHost(ErrorLog log, AppPython.HookEvents events) {
        this.log = log;
        this.events = events;
    }

    /** Logs a line at a level of Python's logging. */
    public void log(String level, String text) {
        log.log(LogLevel.named(level), text);
    }

    /** What {@code extra} of a call to the log asks for. */
    public void metric(String name, String value, String type) {
        log.metric(name, value, type);
    }

    /** Text the application wrote to {@code wsgi.errors}. */
    public void errors(String text) {
        log.raw(text);
    }

    /** Booting failed; the text is for the operator. */
    public void bootFailed(int exitCode, String text) {
        failure = new AppPython.Failure(exitCode, text);
    }

    /** A hook wants this worker replaced. */
    public void retire() {
        events.retire();
    }

    /** Open connections. */
    public int connections() {
        return events.connections();
    }

    /** Requests that wait for a thread. */
    public int waiting() {
        return events.waiting();
    }

    /** A hook or the application says that its requests are not stuck. */
    public void restartDeadlines() {
        events.restartDeadlines();
    }
}
