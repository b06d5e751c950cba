package io.jgunicorn.config;

import io.jgunicorn.config.value.PyText;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which of our worker classes a {@code worker_class} value stands for. */
final class WorkerClasses {
    private static final Map<String, WorkerClass> BY_NAME =
            Map.ofEntries(
                    Map.entry("sync", WorkerClass.SYNC),
                    Map.entry("gthread", WorkerClass.GTHREAD),
                    Map.entry("gevent", WorkerClass.ON_DEMAND),
                    Map.entry("gevent_wsgi", WorkerClass.ON_DEMAND),
                    Map.entry("gevent_pywsgi", WorkerClass.ON_DEMAND),
                    Map.entry("eventlet", WorkerClass.ON_DEMAND),
                    Map.entry("tornado", WorkerClass.ON_DEMAND),
                    Map.entry("gunicorn.workers.sync.SyncWorker", WorkerClass.SYNC),
                    Map.entry("gunicorn.workers.gthread.ThreadWorker", WorkerClass.GTHREAD),
                    Map.entry("gunicorn.workers.ggevent.GeventWorker", WorkerClass.ON_DEMAND),
                    Map.entry("gunicorn.workers.ggevent.GeventPyWSGIWorker", WorkerClass.ON_DEMAND),
                    Map.entry("gunicorn.workers.geventlet.EventletWorker", WorkerClass.ON_DEMAND),
                    Map.entry("gunicorn.workers.gtornado.TornadoWorker", WorkerClass.ON_DEMAND));

    private WorkerClasses() {}

    /**
     * The class a name stands for.
     *
     * @throws ConfigFailure if there is none
     */
    static WorkerClass named(String name) {
        String plain = name.startsWith("egg:gunicorn#") ? name.substring(13) : name;
        return Optional.ofNullable(BY_NAME.get(plain)).orElseThrow(() -> unknown(name));
    }

    private static ConfigFailure unknown(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String reason = "";
        if (lower.contains("uvicorn")) {
            reason =
                    "\nuvicorn's workers run ASGI applications on asyncio; only WSGI is served here.";
        } else if (lower.contains("asgi")) {
            reason = "\nASGI applications cannot be served here, only WSGI ones.";
        } else if (name.indexOf('.') >= 0) {
            reason =
                    "\nA worker class of your own cannot run here: what it does at its start goes"
                            + " into the hook post_fork or post_worker_init, what it does for each"
                            + " request into pre_request and post_request.";
        }
        return ConfigFailure.error(
                "class uri "
                        + PyText.repr(name)
                        + " invalid or not found: "
                        + reason
                        + "\nAllowed: sync, gthread, gevent, gevent_wsgi, gevent_pywsgi, eventlet,"
                        + " tornado.");
    }
}
