package io.jgunicorn.worker.python;

import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogLevel;

/** What our own Python code calls of the worker; on whichever Python thread it runs. */
public final class WorkerHost {
    private final ErrorLog log;
    private final Runnable retire;

    /** Written and read by the booting thread. */
    AppPython.Failure failure;

    WorkerHost(ErrorLog log, Runnable retire) {
        this.log = log;
        this.retire = retire;
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
        retire.run();
    }
}
