package io.jgunicorn.config;

import static io.jgunicorn.config.Section.DEBUGGING;

import io.jgunicorn.config.Setting.Action;
import io.jgunicorn.config.value.SpecialValidators;
import io.jgunicorn.config.value.Validators;
import java.util.List;

/** Help while developing and when checking a configuration. */
final class DebugCatalogue {
    private DebugCatalogue() {}

    static List<Setting> settings() {
        return List.of(
                flag("reload", "--reload")
                        .differs(
                                "the old worker serves on until the new one has loaded the"
                                        + " application, and keeps on if it cannot")
                        .implemented(
                                "Replace workers when a loaded source file changes. For"
                                        + " development."),
                Setting.named("reload_engine", DEBUGGING)
                        .flags("--reload-engine")
                        .metavar("STRING")
                        .rule(Validators.oneOf("reload_engine", "auto", "poll", "inotify"))
                        .byDefault("auto")
                        .values("auto, poll or inotify")
                        .differs("inotify needs no module")
                        .implemented(
                                "How files are watched under reload: poll looks at them four times"
                                        + " a second; inotify and auto are told by the kernel, and"
                                        + " look once a second as well."),
                Setting.named("reload_extra_files", DEBUGGING)
                        .flags("--reload-extra-file")
                        .metavar("FILES")
                        .action(Action.APPEND)
                        .rule(SpecialValidators::watchedFiles)
                        .byDefault(List.of())
                        .implemented(
                                "Further file to watch under reload, such as a template, or folder"
                                        + " for what is added to it and removed; patterns with * ? ["
                                        + " and ** are allowed. Repeat the option for several."),
                flag("spew", "--spew")
                        .notYet("nothing is traced", "Print each Python line as it runs."),
                flag("check_config", "--check-config")
                        .differs(
                                "the application is loaded in a worker process, with pythonpath and"
                                        + " raw_env applied, and the worker class, addresses, log files"
                                        + " and folders are checked, too")
                        .implemented(
                                "Read the configuration, load the application, and exit: 0 if both"
                                        + " are sound, 1 if not."),
                flag("print_config", "--print-config")
                        .differs(
                                "a comment behind each value says where it comes from, and the command"
                                        + " line of a worker follows")
                        .implemented(
                                "Print every setting with its value and the command line of a"
                                        + " worker, then do what --check-config does."));
    }

    private static Setting.Builder flag(String name, String option) {
        return Setting.named(name, DEBUGGING)
                .flags(option)
                .action(Action.STORE_TRUE)
                .rule(Validators::bool)
                .byDefault(false);
    }
}
