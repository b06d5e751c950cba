package io.jgunicorn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest extends LoadingTest {
    @Test
    void strongerSourceReplacesTheWeakerOneWhole() throws IOException {
        file(
                "gunicorn.conf.py",
                "workers = 2",
                "threads = 2",
                "timeout = 2",
                "bind = [':1', ':2']");
        Map<String, String> environment =
                Map.of("WEB_CONCURRENCY", "9", "GUNICORN_CMD_ARGS", "--threads=3 --timeout '3'");
        LoadedConfig loaded = (LoadedConfig) result(environment, "app", "--timeout=4", "--bind=:4");
        assertThat(loaded.settings())
                .containsEntry("workers", 2L)
                .containsEntry("threads", 3L)
                .containsEntry("timeout", 4L)
                .containsEntry("bind", List.of(":4"));
        String source = "file:" + folder.resolve("gunicorn.conf.py");
        assertThat(loaded.origins())
                .containsEntry("workers", new Origin.File(source, 1))
                .containsEntry("threads", new Origin.Environment("GUNICORN_CMD_ARGS"))
                .containsEntry("timeout", new Origin.CommandLine())
                .containsEntry("backlog", new Origin.Default());
    }

    @Test
    void environmentIsTheOriginOfItsDefaults() {
        LoadedConfig loaded = (LoadedConfig) result(Map.of("WEB_CONCURRENCY", "9"), "app");
        assertThat(loaded.config().workers().count()).isEqualTo(9);
        assertThat(loaded.origins())
                .containsEntry("workers", new Origin.Environment("WEB_CONCURRENCY"));
    }

    @Test
    void emptyVariableIsTheOriginOfWhatItChanges() {
        LoadedConfig loaded =
                (LoadedConfig) result(Map.of("PORT", "", "FORWARDED_ALLOW_IPS", ""), "app");
        assertThat(loaded.origins())
                .containsEntry("bind", new Origin.Default())
                .containsEntry(
                        "forwarded_allow_ips", new Origin.Environment("FORWARDED_ALLOW_IPS"));
        assertThat(loaded.settings()).containsEntry("forwarded_allow_ips", List.of());
    }

    @Test
    void reportShowsWhereValuesComeFrom() throws IOException {
        file("gunicorn.conf.py", "import os", "workers, threads = 2, 3", "def on_exit(s): pass");
        LoadedConfig loaded =
                (LoadedConfig)
                        result(
                                Map.of("GUNICORN_CMD_ARGS", "-t 7", "PORT", "5000"),
                                "app",
                                "--umask=0o22");
        String file = "file:" + folder.resolve("gunicorn.conf.py");
        String report = ConfigReport.of(loaded);
        assertThat(report.lines().map(line -> line.replaceFirst(" +=", " =")))
                .hasSize(Settings.all().size())
                .isSorted()
                .contains(
                        "workers = 2  # " + file + ":2",
                        "threads = 3  # " + file + ":2",
                        "on_exit = <on_exit()>  # " + file + ":3",
                        "timeout = 7  # environment GUNICORN_CMD_ARGS",
                        "bind = ['0.0.0.0:5000']  # environment PORT",
                        "umask = 18  # command line",
                        "wsgi_app = app  # command line",
                        "on_reload = <OnReload.on_reload()>  # default",
                        "pidfile = None  # default");
        assertThat(report.lines().map(line -> line.indexOf(" = ")).distinct()).hasSize(1);
    }

    @Test
    void environmentThatIsNoNumberIsAnError() {
        ConfigFailure failure =
                catchThrowableOfType(
                        ConfigFailure.class, () -> result(Map.of("WEB_CONCURRENCY", "x"), "app"));
        assertThat(failure.text()).startsWith("\nError: WEB_CONCURRENCY: invalid literal");
    }

    @Test
    void oneFileOnlyIsRead() throws IOException {
        file("gunicorn.conf.py", "workers = 2");
        file("other.py", "threads = 2");
        file("third.py", "timeout = 2");
        LoadedConfig loaded =
                (LoadedConfig)
                        result(Map.of("GUNICORN_CMD_ARGS", "-c third.py"), "app", "-c", "other.py");
        assertThat(loaded.settings())
                .containsEntry("workers", 1L)
                .containsEntry("threads", 2L)
                .containsEntry("timeout", 30L);
        assertThat(loaded.configSource()).isEqualTo("file:" + folder.resolve("other.py"));
    }

    @Test
    void defaultFileIsTheOneOfTheStartDirectory() throws IOException {
        Files.createDirectory(folder.resolve("sub"));
        file("sub/gunicorn.conf.py", "workers = 7");
        assertThat(load("app", "--chdir", "sub").config().workers().count()).isEqualTo(1);
    }

    @Test
    void withoutAFileThereIsNoPython() {
        LoadedConfig loaded = load("app");
        assertThat(loaded.module()).isEmpty();
        assertThat(loaded.configSource()).isEmpty();
        assertThat(loaded.definedHooks()).isEmpty();
    }

    @Test
    void applicationIsThePositionalOneOrElseThatOfTheFile() throws IOException {
        assertThat(failure().text()).isEqualTo("\nError: No application module specified.\n");
        assertThat(failure().exitCode()).isEqualTo(1);
        file("gunicorn.conf.py", "wsgi_app = 'file:app'");
        assertThat(load().config().wsgiApp()).isEqualTo("file:app");
        assertThat(load().config().process().procName()).isEqualTo("gunicorn");
        assertThat(load("line:app").config().wsgiApp()).isEqualTo("line:app");
        assertThat(load("line:app").config().process().procName()).isEqualTo("line:app");
    }

    @Test
    void rangeErrorOfTheCommandLineIsExitOne() {
        assertThat(failure("app", "-w", "-1").text())
                .isEqualTo("\nError: Value must be positive: -1\n(workers, command line)\n");
        assertThat(failure("app", "-w", "-1").exitCode()).isEqualTo(1);
    }

    @Test
    void moduleIsImportedFromTheStartDirectory() throws IOException {
        file("conf_as_module.py", "workers = 3 if __name__ == 'conf_as_module' else 0");
        LoadedConfig loaded = load("app", "-c", "python:conf_as_module");
        assertThat(loaded.config().workers().count()).isEqualTo(3);
        assertThat(loaded.configSource()).isEqualTo("python:conf_as_module");
    }

    @Test
    void settingWithoutEffectDrawsOneWarning() {
        LoadedConfig loaded = load("app", "--spew", "--reuse-port");
        assertThat(loaded.warnings())
                .hasSize(2)
                .anySatisfy(
                        line ->
                                assertThat(line)
                                        .contains("reuse_port = True", "command line")
                                        .endsWith("): the master binds once, for all workers."));
        assertThat(load("app", "--http-parser", "auto").warnings()).isEmpty();
        assertThat(load("app").warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--certfile=x",
                "--keyfile=x",
                "--user=0",
                "--group=0",
                "--protocol=uwsgi",
            })
    void settingThatIsUnsafeToIgnoreStopsTheStart(String option) {
        String name = option.substring(2).replaceAll("=.*", "").replace('-', '_');
        ConfigFailure failure = failure("app", option);
        assertThat(failure.exitCode()).isEqualTo(1);
        assertThat(failure.text())
                .startsWith("\nError: " + name + " = ")
                .endsWith(".\n(" + name + ", command line)\n");
    }

    @Test
    void warmUpThatOutlastsTheBootTimeoutIsRefused() {
        assertThat(failure("app", "--warmup=/", "--boot-timeout=10").text())
                .isEqualTo(
                        "\nError: boot_timeout = 10 cannot be used: it must be more than"
                                + " warmup_timeout (10), or 0.\n(boot_timeout, command line)\n");
        assertThat(load("app", "--warmup=/", "--boot-timeout=11").warnings()).isEmpty();
        assertThat(load("app", "--warmup=/", "--boot-timeout=0").warnings()).isEmpty();
        assertThat(load("app", "--boot-timeout=10").warnings()).isEmpty();
    }

    @Test
    void settingsThatAreNotWhatTheySeemAreTold() {
        assertThat(load("app", "--log-level=Verbose").warnings())
                .containsExactly(
                        "loglevel = 'Verbose' is none of debug, info, warning, error and critical:"
                                + " info is used");
        assertThat(load("app", "--log-level=WARNING").warnings()).isEmpty();
        assertThat(load("app", "--workers=0").warnings())
                .containsExactly(
                        "workers = 0: nothing is served until TTIN or a reload brings workers");
        assertThat(load("app", "--access-log-json").warnings())
                .containsExactly("access_log_json has no effect without accesslog");
    }

    @Test
    void startsWithinTheBoundsOfScaling() {
        assertThat(failure("app", "--workers=5", "--max-workers=4").text())
                .isEqualTo(
                        "\nError: workers = 5 cannot be used: it must be min_workers (1) to"
                                + " max_workers (4).\n(workers, command line)\n");
        assertThat(failure("app", "--workers=2", "--min-workers=3", "--max-workers=4").text())
                .isEqualTo(
                        "\nError: workers = 2 cannot be used: it must be min_workers (3) to"
                                + " max_workers (4).\n(workers, command line)\n");
        assertThat(load("app", "--workers=5").config().scaling()).isEmpty();
        assertThat(load("app", "--min-workers=2", "--scaling-step=2").warnings())
                .containsExactlyInAnyOrder(
                        "min_workers has no effect without max_workers",
                        "scaling_step has no effect without max_workers");
        assertThat(load("app", "--max-workers=4", "--reload").warnings())
                .contains("max_workers has no effect under reload");
        assertThat(load("app", "--max-workers=4", "--reload").config().scaling()).isEmpty();
    }

    @Test
    void scalingHasItsBoundsAndMeasures() {
        assertThat(load("app", "--max-workers=4").config().scaling())
                .contains(
                        new ServerConfig.Scaling(
                                1,
                                4,
                                1,
                                ServerConfig.ScalingAlgorithm.BUSYNESS,
                                0.7,
                                Duration.ofMinutes(1),
                                0));
        assertThat(
                        load(
                                        "app",
                                        "--workers=3",
                                        "--min-workers=2",
                                        "--max-workers=9",
                                        "--scaling-algorithm=backlog",
                                        "--scaling-step=2",
                                        "--scaling-busyness=50",
                                        "--scaling-down-after=30",
                                        "--scaling-memory=4G")
                                .config()
                                .scaling())
                .contains(
                        new ServerConfig.Scaling(
                                2,
                                9,
                                2,
                                ServerConfig.ScalingAlgorithm.BACKLOG,
                                0.5,
                                Duration.ofSeconds(30),
                                4L << 30));
        assertThat(failure("app", "--scaling-algorithm=magic").text())
                .contains("scaling_algorithm");
        assertThat(
                        failure(
                                        "app",
                                        "--max-workers=2",
                                        "--scaling-algorithm=backlog",
                                        "--bind=unix:/x")
                                .text())
                .startsWith(
                        "\nError: scaling_algorithm = 'backlog' cannot be used: no TCP address is"
                                + " bound");
    }

    @Test
    void currentUserAndGroupAreFine() {
        assertThat(load("app", "-u", "1000", "-g", "1001").warnings()).isEmpty();
        assertThat(failure("app", "-u", "nosuchuser").text())
                .isEqualTo("\nError: No such user: 'nosuchuser'\n(user, command line)\n");
    }

    @ParameterizedTest
    @CsvSource({
        "sync, SYNC",
        "gthread, GTHREAD",
        "gevent, ON_DEMAND",
        "gevent_wsgi, ON_DEMAND",
        "gevent_pywsgi, ON_DEMAND",
        "eventlet, ON_DEMAND",
        "tornado, ON_DEMAND",
        "egg:gunicorn#gthread, GTHREAD",
        "gunicorn.workers.sync.SyncWorker, SYNC",
        "gunicorn.workers.gthread.ThreadWorker, GTHREAD",
        "gunicorn.workers.ggevent.GeventWorker, ON_DEMAND",
    })
    void workerClassIsMapped(String name, WorkerClass expected) {
        ServerConfig.Workers workers = load("app", "-k", name).config().workers();
        assertThat(workers.workerClass()).isEqualTo(expected);
        assertThat(workers.className()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch", "asgi", "uvicorn.workers.UvicornWorker"})
    void unknownWorkerClassIsRefused(String name) {
        assertThat(failure("app", "-k", name).text())
                .startsWith("\nError: class uri '" + name + "' invalid or not found: ")
                .contains("Allowed: sync, gthread");
    }

    @Test
    void classObjectIsNamedByItsModule() throws IOException {
        file("gunicorn.conf.py", "class worker_class: pass");
        assertThat(failure("app").text())
                .contains("'__config__.worker_class'")
                .contains("A worker class of your own cannot run here");
        file(
                "gunicorn.conf.py",
                "from gunicorn.workers.gthread import ThreadWorker as worker_class",
                "threads = 3");
        ServerConfig.Workers workers = load("app").config().workers();
        assertThat(workers.workerClass()).isEqualTo(WorkerClass.GTHREAD);
        assertThat(workers.className()).isEqualTo("gunicorn.workers.gthread.ThreadWorker");
        file("gunicorn.conf.py", "def worker_class(): return 'gthread'");
        assertThat(load("app").config().workers().workerClass()).isEqualTo(WorkerClass.GTHREAD);
    }

    @Test
    void helpAndVersionAreGivenBack() {
        assertThat(result(Map.of(), "--version"))
                .isEqualTo(new LoadResult.Printed("jgunicorn (version 1.2.3)\n"));
        assertThat(result(Map.of("GUNICORN_CMD_ARGS", "-v")))
                .isEqualTo(new LoadResult.Printed("jgunicorn (version 1.2.3)\n"));
    }

    @Test
    void reloadReadsTheFileAnew() throws IOException {
        file("gunicorn.conf.py", "workers = 2");
        assertThat(load("app").config().workers().count()).isEqualTo(2);
        file("gunicorn.conf.py", "workers = 3");
        assertThat(load("app").config().workers().count()).isEqualTo(3);
    }

    @Test
    void openQuotationInTheEnvironmentIsAnError() {
        ConfigFailure failure =
                catchThrowableOfType(
                        ConfigFailure.class,
                        () -> result(Map.of("GUNICORN_CMD_ARGS", "-w '3"), "app"));
        assertThat(failure.text()).isEqualTo("\nError: No closing quotation\n");
    }

    @Test
    void warmupFilesAreLookedForInChdir() throws IOException {
        Files.createDirectory(folder.resolve("site"));
        file("site/requests.txt", "GET / HTTP/1.1");

        assertThat(load("app", "--chdir=site", "--warmup=file:requests.txt").config().warmup())
                .extracting(ServerConfig.Warmup::items)
                .isEqualTo(List.of("file:requests.txt"));
        ConfigFailure failure = failure("app", "--warmup=/", "--warmup=file:requests.txt");
        assertThat(failure.exitCode()).isEqualTo(1);
        assertThat(failure.text())
                .isEqualTo(
                        "\nError: warmup = 'file:requests.txt' cannot be used: there is no file "
                                + folder.resolve("requests.txt")
                                + ", and relative paths start at chdir.\n(warmup, command line)\n");
    }
}
