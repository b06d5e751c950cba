package io.jgunicorn.bench.server;

import java.nio.file.Path;

/**
 * Where the programs are.
 *
 * @param jgunicorn the packaged launcher
 * @param gunicorn a command
 * @param uwsgi a command that has Python built in or finds its plug-in
 * @param python the interpreter that has waitress
 * @param applications the folder with the applications
 * @param packages the folder with Flask and Django, for a PYTHONPATH
 */
public record Installation(
        Path jgunicorn,
        String gunicorn,
        String uwsgi,
        String python,
        Path applications,
        Path packages) {}
