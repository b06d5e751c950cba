package io.jgunicorn.config;

import static io.jgunicorn.config.Section.SERVER_HOOKS;

import io.jgunicorn.config.value.SpecialValidators;
import java.util.List;

/** Functions of the configuration file that are called as the server lives. */
final class HookCatalogue {
    private static final String RUNS_AGAIN =
            "the configuration file runs again in a worker that has hooks; there is no fork to share"
                    + " its objects";

    private HookCatalogue() {}

    static List<Setting> settings() {
        return List.of(
                hook("on_starting", "OnStarting", 1)
                        .implemented("on_starting(server): in the master, before it listens."),
                hook("on_reload", "OnReload", 1)
                        .implemented(
                                "on_reload(server): in the master, when HUP has brought a new"
                                        + " configuration."),
                hook("when_ready", "WhenReady", 1)
                        .implemented(
                                "when_ready(server): in the master, once it listens and before it"
                                        + " starts workers."),
                hook("pre_fork", "Prefork", 2)
                        .implemented(
                                "pre_fork(server, worker): in the master, before each worker is"
                                        + " started."),
                hook("post_fork", "Postfork", 2)
                        .differs(RUNS_AGAIN)
                        .implemented(
                                "post_fork(server, worker): in a new worker, before it loads the"
                                        + " application."),
                hook("post_worker_init", "PostWorkerInit", 1)
                        .differs(RUNS_AGAIN)
                        .implemented(
                                "post_worker_init(worker): in a worker that has loaded the"
                                        + " application."),
                hook("worker_int", "WorkerInt", 1)
                        .differs(RUNS_AGAIN)
                        .implemented("worker_int(worker): in a worker told to stop at once."),
                hook("worker_abort", "WorkerAbort", 1)
                        .differs(RUNS_AGAIN)
                        .implemented(
                                "worker_abort(worker): in a worker given up for missing its"
                                        + " timeout."),
                hook("pre_exec", "PreExec", 1)
                        .differs("it runs in the old master itself, not in a fork of it")
                        .implemented(
                                "pre_exec(server): in the master, before USR2 has it start a new"
                                        + " one."),
                hook("pre_request", "PreRequest", 2)
                        .differs(RUNS_AGAIN)
                        .implemented(
                                "pre_request(worker, req): in a worker, before the application"
                                        + " sees the request."),
                hook("post_request", "PostRequest", 4, 3, 2)
                        .values("function with 4, 3 or 2 parameters, or its import path")
                        .differs(RUNS_AGAIN)
                        .implemented(
                                "post_request(worker, req, environ, resp): in a worker, after each"
                                        + " request; two or three parameters will do."),
                hook("child_exit", "ChildExit", 2)
                        .implemented(
                                "child_exit(server, worker): in the master, after a worker has"
                                        + " gone."),
                hook("worker_exit", "WorkerExit", 2)
                        .differs(RUNS_AGAIN)
                        .implemented("worker_exit(server, worker): in a worker, as its last act."),
                hook("nworkers_changed", "NumWorkersChanged", 3)
                        .implemented(
                                "nworkers_changed(server, new_value, old_value): in the master,"
                                        + " whenever the number of workers is set."),
                hook("on_exit", "OnExit", 1)
                        .implemented("on_exit(server): in the master, as its last act."),
                hook("ssl_context", "NewSSLContext", 2)
                        .notYet(
                                "TLS is not supported; let a proxy such as nginx terminate it",
                                "ssl_context(config, default_ssl_context_factory): returns the TLS"
                                        + " set-up to use."));
    }

    private static Setting.Builder hook(String name, String className, int... arities) {
        return Setting.named(name, SERVER_HOOKS)
                .rule(SpecialValidators.hook(arities))
                .values(
                        "function with "
                                + arities[0]
                                + (arities[0] == 1 ? " parameter" : " parameters")
                                + ", or its import path")
                .hookByDefault(className + "." + name, arities[0]);
    }
}
