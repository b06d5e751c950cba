package io.jgunicorn.config;

import static io.jgunicorn.config.Section.CONFIG_FILE;
import static io.jgunicorn.config.Section.PROCESS_NAMING;
import static io.jgunicorn.config.Section.SERVER_SOCKET;

import io.jgunicorn.config.Setting.Action;
import io.jgunicorn.config.Setting.CliType;
import io.jgunicorn.config.value.Surroundings;
import io.jgunicorn.config.value.Validators;
import java.util.List;
import java.util.Optional;

/** Where the configuration and the application come from, and what is listened on. */
final class SocketCatalogue {
    private SocketCatalogue() {}

    static List<Setting> settings() {
        return List.of(
                Setting.named("config", CONFIG_FILE)
                        .flags("-c", "--config")
                        .metavar("CONFIG")
                        .rule(Validators::text)
                        .byDefault("./gunicorn.conf.py")
                        .values("PATH, file:PATH or python:MODULE")
                        .implemented(
                                "Configuration to read: PATH or file:PATH of a Python file, or"
                                        + " python:MODULE. Named on the command line or in"
                                        + " GUNICORN_CMD_ARGS only. Without it the file"
                                        + " gunicorn.conf.py of the current folder is read, if"
                                        + " there is one."),
                Setting.named("wsgi_app", CONFIG_FILE)
                        .rule(Validators::text)
                        .values("MODULE, MODULE:NAME or MODULE:FACTORY(ARGS)")
                        .implemented(
                                "The application, MODULE or MODULE:NAME or MODULE:FACTORY(ARGS),"
                                        + " for configurations started without a positional argument,"
                                        + " which would win."),
                Setting.named("bind", SERVER_SOCKET)
                        .flags("-b", "--bind")
                        .metavar("ADDRESS")
                        .action(Action.APPEND)
                        .rule(Validators::textList)
                        .byDefault(SocketCatalogue::defaultBind)
                        .variable("PORT")
                        .values("list of addresses, or one address")
                        .differs(
                                "a descriptor fd://N that is no listening or bound stream socket ends"
                                        + " the start")
                        .implemented(
                                "Address to listen on: HOST, HOST:PORT, [V6]:PORT, :PORT,"
                                        + " unix:PATH or fd://N. Repeat the option for several. With"
                                        + " PORT in the environment the default is 0.0.0.0:PORT."),
                Setting.named("backlog", SERVER_SOCKET)
                        .flags("--backlog")
                        .metavar("INT")
                        .cli(CliType.INT)
                        .rule(Validators::positiveInt)
                        .byDefault(2048L)
                        .implemented(
                                "How many connections may wait in the kernel until a worker takes"
                                        + " them."),
                Setting.named("proc_name", PROCESS_NAMING)
                        .flags("-n", "--name")
                        .metavar("STRING")
                        .rule(Validators::text)
                        .differs("shown without the module setproctitle, too")
                        .implemented(
                                "Name of this server where several run on one machine: ps shows"
                                        + " gunicorn: master [NAME], and hooks see it."),
                Setting.named("default_proc_name", PROCESS_NAMING)
                        .rule(Validators::text)
                        .byDefault("gunicorn")
                        .implemented(
                                "The name used when proc_name is unset; the positional application"
                                        + " argument replaces it."));
    }

    private static Optional<Object> defaultBind(Surroundings around) {
        String port = around.environment().getOrDefault("PORT", "");
        return Optional.of(List.of(port.isEmpty() ? "127.0.0.1:8000" : "0.0.0.0:" + port));
    }
}
