package io.jgunicorn.config;

import static io.jgunicorn.config.Section.CONTROL;
import static io.jgunicorn.config.Section.SERVER_MECHANICS;

import io.jgunicorn.config.Setting.Action;
import io.jgunicorn.config.Setting.CliType;
import io.jgunicorn.config.value.SpecialValidators;
import io.jgunicorn.config.value.Validators;
import java.util.List;
import java.util.Optional;

/** The processes and what surrounds them: folders, environment, identity, files they leave. */
final class MechanicsCatalogue {
    private MechanicsCatalogue() {}

    static List<Setting> settings() {
        return List.of(
                flag("preload_app", "--preload")
                        .differs(
                                "there is no fork to share memory with; the first worker must load the"
                                        + " application, or the start fails")
                        .implemented(
                                "Load the application in one worker first and fail the start if it"
                                        + " cannot be loaded. Nothing is shared with later workers."),
                Setting.named("sendfile", SERVER_MECHANICS)
                        .flags("--no-sendfile")
                        .action(Action.STORE_FALSE)
                        .rule(Validators::bool)
                        .accepted(
                                "none: files leave in one way",
                                "Whether files may be sent by the kernel; here it changes"
                                        + " nothing."),
                flag("reuse_port", "--reuse-port")
                        .notYet(
                                "the master binds once, for all workers",
                                "Let each worker bind its own sockets with SO_REUSEPORT."),
                text("chdir", "--chdir")
                        .rule(SpecialValidators::directory)
                        .byDefault(around -> Optional.of(around.startDirectory().toString()))
                        .values("folder that exists")
                        .implemented(
                                "Folder the application is loaded in; it also comes first on"
                                        + " sys.path."),
                flag("daemon", "-D", "--daemon")
                        .differs(
                                "gunicorn's command returns at once, with 0 whatever becomes of the"
                                        + " server; sockets of systemd and fd://N are refused")
                        .implemented(
                                "Go on in the background, in a session of its own; the command"
                                        + " returns when the first worker is ready, or with the"
                                        + " reason why none is."),
                list("raw_env", "-e", "--env")
                        .metavar("ENV")
                        .values("list of NAME=VALUE, or one of them")
                        .implemented(
                                "Environment variable for the application, NAME=VALUE. Repeat the"
                                        + " option for several."),
                text("pidfile", "-p", "--pid")
                        .metavar("FILE")
                        .implemented("File that holds the master's process id while it runs."),
                text("worker_tmp_dir", "--worker-tmp-dir")
                        .metavar("DIR")
                        .accepted(
                                "none: heartbeats use no files",
                                "Folder for gunicorn's heartbeat files, which do not exist here."),
                text("user", "-u", "--user")
                        .metavar("USER")
                        .rule(SpecialValidators::user)
                        .byDefault(around -> Optional.of(around.euid()))
                        .values("name or number")
                        .differs("workers keep no supplementary group of root")
                        .limited(
                                (value, around) ->
                                        around.euid() != 0
                                                && !value.equals(Optional.of(around.euid())),
                                "only root can let workers run as another user; start the server"
                                        + " as root or as that user",
                                "User that workers run as, if the server is started by root. Log"
                                        + " files and Unix sockets are given to that user."),
                text("group", "-g", "--group")
                        .metavar("GROUP")
                        .rule(SpecialValidators::group)
                        .byDefault(around -> Optional.of(around.egid()))
                        .values("name or number")
                        .limited(
                                (value, around) ->
                                        around.euid() != 0
                                                && !value.equals(Optional.of(around.egid())),
                                "only root can let workers run with another group; start the"
                                        + " server as root or with that group",
                                "Group that workers run as, if the server is started by root."),
                Setting.named("umask", SERVER_MECHANICS)
                        .flags("-m", "--umask")
                        .metavar("INT")
                        .cli(CliType.FILE_MODE)
                        .rule(Validators::positiveInt)
                        .byDefault(0L)
                        .implemented("Permission bits taken away from Unix sockets that we make."),
                flag("initgroups", "--initgroups")
                        .differs(
                                "without it workers have no supplementary groups, with it only those of the user")
                        .implemented(
                                "Give workers the further groups of their user; otherwise they have"
                                        + " none."),
                Setting.named("tmp_upload_dir", SERVER_MECHANICS)
                        .rule(Validators::text)
                        .implemented(
                                "Folder for request bodies, and responses to slow clients, too"
                                        + " large to keep in memory."),
                text("pythonpath", "--pythonpath")
                        .metavar("STRING")
                        .values("folders separated by commas, in one str")
                        .implemented(
                                "Folders for sys.path, separated by commas; the last one comes"
                                        + " first."),
                Setting.named("paste", SERVER_MECHANICS)
                        .flags("--paste", "--paster")
                        .metavar("STRING")
                        .rule(Validators::text)
                        .values("FILE or FILE#NAME")
                        .implemented(
                                "Load the application from a PasteDeploy file, which needs the"
                                        + " package PasteDeploy; only its [server:...] sections are"
                                        + " not read."),
                list("raw_paste_global_conf", "--paste-global")
                        .metavar("CONF")
                        .values("list of NAME=VALUE, or one; \\= is an equals sign")
                        .implemented(
                                "Variable for a PasteDeploy file, as NAME=VALUE; may be repeated."),
                control("control_socket", "--control-socket")
                        .metavar("PATH")
                        .rule(Validators::text)
                        .byDefault(
                                around -> Optional.of(ControlSocketPath.in(around.environment())))
                        .differs("other users than root and that of the server are not heard")
                        .implemented(
                                "Unix socket for commands to the running server: jgunicorn ctl,"
                                        + " or gunicornc."),
                control("control_socket_mode", "--control-socket-mode")
                        .metavar("INT")
                        .cli(CliType.FILE_MODE)
                        .rule(Validators::positiveInt)
                        .byDefault(384L)
                        .implemented(
                                "Permissions of the control socket. Other users than root and that"
                                        + " of the server are not heard in any case."),
                control("control_socket_disable", "--no-control-socket")
                        .action(Action.STORE_TRUE)
                        .rule(Validators::bool)
                        .byDefault(false)
                        .implemented("Open no control socket."));
    }

    private static Setting.Builder text(String name, String... flags) {
        return Setting.named(name, SERVER_MECHANICS).flags(flags).rule(Validators::text);
    }

    private static Setting.Builder list(String name, String... flags) {
        return Setting.named(name, SERVER_MECHANICS)
                .flags(flags)
                .action(Action.APPEND)
                .rule(Validators::textList)
                .byDefault(List.of());
    }

    private static Setting.Builder flag(String name, String... flags) {
        return Setting.named(name, SERVER_MECHANICS)
                .flags(flags)
                .action(Action.STORE_TRUE)
                .rule(Validators::bool)
                .byDefault(false);
    }

    private static Setting.Builder control(String name, String flag) {
        return Setting.named(name, CONTROL).flags(flag);
    }
}
