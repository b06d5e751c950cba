package io.jgunicorn.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jgunicorn.config.ConfigLoader;
import io.jgunicorn.config.Given;
import io.jgunicorn.config.LoadedConfig;
import io.jgunicorn.config.cli.GunicornCommand;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigModuleTest {
    private static final HookArgument.Worker BOOTING =
            new HookArgument.Worker(1, OptionalLong.empty());
    private static final HookArgument.Worker RUNNING =
            new HookArgument.Worker(1, OptionalLong.of(4711));

    @TempDir Path folder;

    private LoadedConfig load(String... lines) throws IOException {
        Path file = folder.resolve("gunicorn.conf.py");
        Files.write(file, List.of(lines));
        return (LoadedConfig)
                new ConfigLoader(
                                new GunicornCommand("1", Map.of()),
                                SharedPython.host(),
                                Given.in(folder, Map.of()))
                        .load(List.of("app", "-w", "4"));
    }

    /** Loads, lets the hooks run, and gives back what they logged, without time and pid. */
    private List<String> logOf(Hooks hooks, String... lines) throws IOException {
        LoadedConfig loaded = load(lines);
        Path logged = folder.resolve("error.log");
        try (ErrorLog log =
                new ErrorLog(LogFile.appendingTo(logged), LogLevel.DEBUG, Clock.systemUTC())) {
            ConfigModule module = loaded.module().orElseThrow();
            module.attach(loaded.settings(), log, controls, Optional.empty());
            hooks.run(module);
        }
        return Files.readAllLines(logged).stream()
                .map(line -> line.replaceFirst("^\\[.*?\\] \\[.*?\\] ", ""))
                .toList();
    }

    /** What hooks have asked of the server. */
    private final List<String> asked = new ArrayList<>();

    private final ServerControls controls =
            new ServerControls() {
                @Override
                public void scale(long workers) {
                    asked.add("scale " + workers);
                }

                @Override
                public void reload() {
                    asked.add("reload");
                }

                @Override
                public void stop(boolean graceful) {
                    asked.add("stop " + graceful);
                }

                @Override
                public void halt(String reason, long exitStatus) {
                    asked.add("halt '" + reason + "' " + exitStatus);
                }
            };

    interface Hooks {
        void run(ConfigModule module);
    }

    private static HookArgument.Server server(HookArgument.Worker... workers) {
        return new HookArgument.Server(
                100,
                "Master",
                "app",
                4,
                List.of("http://127.0.0.1:8000"),
                List.of(17L),
                false,
                0,
                0,
                List.of(workers));
    }

    @Test
    void fileSeesWhatAConfigurationFileSees() throws IOException {
        Files.writeString(folder.resolve("helper_of_conf.py"), "answer = 42");
        LoadedConfig loaded =
                load(
                        "import multiprocessing, os, sys, helper_of_conf",
                        "cpus = multiprocessing.cpu_count()",
                        "workers = cpus * 2 + 1",
                        "threads = helper_of_conf.answer",
                        "proc_name = __name__ + ' ' + os.path.basename(__file__)",
                        "assert os.path.isabs(__file__)",
                        "assert sys.modules['__config__'].workers == workers",
                        "assert sys.path[0] == os.getcwd() == os.path.dirname(__file__)",
                        "assert os.geteuid() >= 0, 'native calls work'",
                        "pidfile = None",
                        "WORKERS = 'unknown names are left out'",
                        "raw_env = ['A=1']");
        int cpus = Runtime.getRuntime().availableProcessors();
        assertThat(loaded.module().orElseThrow().values().keySet())
                .containsExactly("workers", "threads", "proc_name", "pidfile", "raw_env");
        assertThat(loaded.module().orElseThrow().values().get("workers").str())
                .isEqualTo(Integer.toString(cpus * 2 + 1));
        assertThat(loaded.config().workers().threads()).isEqualTo(42);
        assertThat(loaded.config().process().procName()).isEqualTo("__config__ gunicorn.conf.py");
        assertThat(loaded.config().process().rawEnv()).containsEntry("A", "1");
    }

    @Test
    void hookLogsLikeALogger() throws IOException {
        List<String> lines =
                logOf(
                        module -> module.call("on_starting", server()),
                        "def on_starting(server):",
                        "    log = server.log",
                        "    log.debug('quiet')",
                        "    log.info('%s of %d and %(x)s', 'a', 2) if False else None",
                        "    log.info('plain 100%')",
                        "    log.info('pid %s, %d workers', server.pid, server.num_workers)",
                        "    log.warning('%(key)s', {'key': 'value'})",
                        "    log.error('bad')",
                        "    log.critical('worse')",
                        "    try:",
                        "        1 / 0",
                        "    except ZeroDivisionError:",
                        "        log.exception('caught')");
        assertThat(lines)
                .startsWith(
                        "[INFO] plain 100%",
                        "[INFO] pid 100, 4 workers",
                        "[WARNING] value",
                        "[ERROR] bad",
                        "[CRITICAL] worse",
                        "[ERROR] caught",
                        "Traceback (most recent call last):")
                .last()
                .asString()
                .startsWith("ZeroDivisionError:");
    }

    @Test
    void hooksSeeTheServerAndItsWorkers() throws IOException {
        List<String> lines =
                logOf(
                        module -> {
                            module.call(
                                    "nworkers_changed",
                                    server(),
                                    new HookArgument.Count(4),
                                    new HookArgument.None());
                            module.call("pre_fork", server(), BOOTING);
                            module.call("when_ready", server(RUNNING));
                            module.call("child_exit", server(), RUNNING);
                            module.call("on_exit", server());
                        },
                        "def nworkers_changed(server, new, old):",
                        "    server.log.info('%r from %r', new, old)",
                        "def pre_fork(server, worker):",
                        "    worker.note = 'kept'",
                        "    server.log.info('%s %s %s', worker, worker.pid, worker.age)",
                        "def when_ready(server):",
                        "    server.log.info('%s %s', list(server.WORKERS), server.LISTENERS[0])",
                        "def child_exit(server, worker):",
                        "    server.log.info('%s %s %s', worker, worker.pid, worker.note)");
        assertThat(lines)
                .containsExactly(
                        "[INFO] 4 from None",
                        "[INFO] <Worker [booting]> [booting] 1",
                        "[INFO] [4711] http://127.0.0.1:8000",
                        "[INFO] <Worker 4711> 4711 kept");
    }

    @Test
    void configurationIsReadOnly() throws IOException {
        List<String> lines =
                logOf(
                        module -> module.call("on_starting", server()),
                        "def on_starting(server):",
                        "    cfg = server.cfg",
                        "    server.log.info('%s %s %s', cfg.workers, cfg.bind, cfg.pidfile)",
                        "    server.log.info('%s', cfg.secure_scheme_headers['X-FORWARDED-SSL'])",
                        "    server.log.info('%s', cfg.on_starting is on_starting)",
                        "    try:",
                        "        cfg.workers = 3",
                        "    except AttributeError as e:",
                        "        server.log.info('%s', e)");
        assertThat(lines)
                .containsExactly(
                        "[INFO] 4 ['127.0.0.1:8000'] None",
                        "[INFO] on",
                        "[INFO] True",
                        "[INFO] Invalid access!");
    }

    @Test
    void failingHookShowsItsTraceback() throws IOException {
        LoadedConfig loaded = load("def on_exit(server):", "    raise KeyError('gone')");
        ConfigModule module = loaded.module().orElseThrow();
        try (ErrorLog log = new ErrorLog(LogFile.stderr(), LogLevel.ERROR, Clock.systemUTC())) {
            module.attach(loaded.settings(), log, controls, Optional.empty());
            PythonFailure failure =
                    catchThrowableOfType(
                            PythonFailure.class, () -> module.call("on_exit", server()));
            assertThat(failure.traceback())
                    .startsWith("Traceback (most recent call last):\n  File \"" + folder)
                    .endsWith("KeyError: 'gone'\n");
        }
    }

    @Test
    void hooksAskTheServer() throws IOException {
        List<String> lines =
                logOf(
                        module -> {
                            module.call("when_ready", server());
                            module.call("on_reload", server());
                            module.call("on_starting", server());
                        },
                        "import gunicorn.errors",
                        "def when_ready(server):",
                        "    server.num_workers += 1",
                        "    server.reload()",
                        "    server.stop(False)",
                        "    server.halt('enough', 3)",
                        "    server.log.info('never')",
                        "def on_reload(server):",
                        "    raise gunicorn.errors.HaltServer('no', 4)",
                        "def on_starting(server):",
                        "    raise KeyboardInterrupt");
        assertThat(lines).isEmpty();
        assertThat(asked)
                .containsExactly(
                        "scale 5",
                        "reload",
                        "stop false",
                        "halt 'enough' 3",
                        "halt 'no' 4",
                        "halt '' 0");
    }

    @Test
    void exitOfAHookIsToldApart() throws IOException {
        logOf(
                module -> {
                    PythonFailure failure =
                            catchThrowableOfType(
                                    PythonFailure.class,
                                    () -> module.call("on_starting", server()));
                    assertThat(failure.exitCode()).hasValue(7);
                },
                "import sys",
                "def on_starting(server): sys.exit(7)");
    }

    @Test
    void namesTheConfigurationGivesTheServerReachTheWorkers() throws IOException {
        ConfigModule module =
                load(
                                "import gunicorn",
                                "kept = gunicorn.SERVER, gunicorn.SERVER_SOFTWARE",
                                "gunicorn.SERVER = 'ours'",
                                "gunicorn.SERVER_SOFTWARE = 'ours/1'")
                        .module()
                        .orElseThrow();
        assertThat(module.environment().set())
                .containsEntry("JGUNICORN_SERVER", "ours")
                .containsEntry("SERVER_SOFTWARE", "ours/1");
        ConfigModule later =
                load(
                                "import gunicorn",
                                "gunicorn.SERVER = 'gunicorn'",
                                "gunicorn.SERVER_SOFTWARE = 'gunicorn/' + gunicorn.__version__")
                        .module()
                        .orElseThrow();
        assertThat(later.environment().set())
                .doesNotContainKeys("JGUNICORN_SERVER", "SERVER_SOFTWARE");
    }

    @Test
    void settingsOfTheCatalogueAreKnownToPython() throws IOException {
        assertThat(
                        load(
                                        "from gunicorn.config import Config",
                                        "cfg = Config()",
                                        "cfg.set('workers', '3')",
                                        "cfg.set('bind', 'a:1')",
                                        "try: cfg.set('workers', -1)",
                                        "except ValueError as e: why = str(e)",
                                        "assert cfg.post_request.__code__.co_argcount == 4",
                                        "assert set(cfg.settings) > {'on_exit', 'timeout'}",
                                        "proc_name = f'{cfg.workers!r} {cfg.bind} {cfg.timeout} {why}'")
                                .config()
                                .process()
                                .procName())
                .isEqualTo("3 ['a:1'] 30 Value must be positive: -1");
    }

    @Test
    void hookMayBeAnImportString() throws IOException {
        Files.writeString(
                folder.resolve("my_hooks.py"), "def started(server): server.log.info('imported')");
        assertThat(
                        logOf(
                                module -> module.call("on_starting", server()),
                                "on_starting = 'my_hooks.started'"))
                .containsExactly("[INFO] imported");
    }

    @Test
    void hookThatIsNotDefinedIsNotMissed() throws IOException {
        assertThat(logOf(module -> module.call("on_starting", server()), "workers = 1")).isEmpty();
    }

    @Test
    void definedHooksAreToldApart() throws IOException {
        LoadedConfig loaded =
                load(
                        "def post_fork(server, worker): pass",
                        "def on_exit(server): pass",
                        "def post_request(worker, req): pass");
        assertThat(loaded.definedHooks()).containsExactly("on_exit", "post_fork", "post_request");
        assertThat(loaded.workerHooks()).containsExactly("post_fork", "post_request");
        assertThat(loaded.hooks().get("post_request").arity()).isEqualTo(2);
    }

    @Test
    void changesOfTheEnvironmentAreTold() throws IOException {
        ConfigModule module =
                load(
                                "import os",
                                "os.environ['PROMETHEUS_DIR'] = '/srv/ä'",
                                "os.environ.pop('PATH', None)")
                        .module()
                        .orElseThrow();
        assertThat(module.environment().set()).containsEntry("PROMETHEUS_DIR", "/srv/ä");
        assertThat(module.environment().removed()).contains("PATH");
    }

    @Test
    void earlierModuleOutlivesALaterOne() throws IOException {
        List<String> lines =
                logOf(
                        module -> {
                            try {
                                load("def on_exit(server): raise ValueError");
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                            module.call("on_exit", server());
                        },
                        "def on_exit(server): server.log.info('first')");
        assertThat(lines).containsExactly("[INFO] first");
    }
}
