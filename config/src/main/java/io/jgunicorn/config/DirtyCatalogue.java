package io.jgunicorn.config;

import static io.jgunicorn.config.Section.DIRTY;
import static io.jgunicorn.config.Section.DIRTY_HOOKS;

import io.jgunicorn.config.Setting.Action;
import io.jgunicorn.config.Setting.CliType;
import io.jgunicorn.config.value.SpecialValidators;
import io.jgunicorn.config.value.Validators;
import java.util.List;

/** gunicorn's pool of helper processes, which this server does not have. */
final class DirtyCatalogue {
    private static final String NONE =
            "there are no helper processes; use a queue of tasks such as Celery's";

    private DirtyCatalogue() {}

    static List<Setting> settings() {
        return List.of(
                Setting.named("dirty_apps", DIRTY)
                        .flags("--dirty-app")
                        .metavar("STRING")
                        .action(Action.APPEND)
                        .rule(Validators::textList)
                        .byDefault(List.of())
                        .notYet(NONE, "Application for the helper processes."),
                number("dirty_workers", "--dirty-workers", 0)
                        .notYet(NONE, "Number of helper processes."),
                number("dirty_timeout", "--dirty-timeout", 300)
                        .notYet(NONE, "Seconds a task in a helper process may take."),
                number("dirty_threads", "--dirty-threads", 1)
                        .notYet(NONE, "Threads of a helper process."),
                number("dirty_graceful_timeout", "--dirty-graceful-timeout", 30)
                        .notYet(NONE, "Seconds helper processes get to finish."),
                hook("on_dirty_starting", "OnDirtyStarting", 1)
                        .notYet(NONE, "on_dirty_starting(arbiter): before helper processes start."),
                hook("dirty_post_fork", "DirtyPostFork", 2)
                        .notYet(NONE, "dirty_post_fork(arbiter, worker): after one has started."),
                hook("dirty_worker_init", "DirtyWorkerInit", 1)
                        .notYet(
                                NONE,
                                "dirty_worker_init(worker): in one that has loaded its apps."),
                hook("dirty_worker_exit", "DirtyWorkerExit", 2)
                        .notYet(NONE, "dirty_worker_exit(arbiter, worker): after one has gone."));
    }

    private static Setting.Builder number(String name, String flag, long value) {
        return Setting.named(name, DIRTY)
                .flags(flag)
                .metavar("INT")
                .cli(CliType.INT)
                .rule(Validators::positiveInt)
                .byDefault(value);
    }

    private static Setting.Builder hook(String name, String className, int arity) {
        return Setting.named(name, DIRTY_HOOKS)
                .rule(SpecialValidators.hook(arity))
                .values("function with " + arity + (arity == 1 ? " parameter" : " parameters"))
                .hookByDefault(className + "." + name, arity);
    }
}
