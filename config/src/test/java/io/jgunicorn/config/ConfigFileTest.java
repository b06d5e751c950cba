package io.jgunicorn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.config.cli.GunicornCommand;
import io.jgunicorn.python.SharedPython;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest extends LoadingTest {
    @Test
    void missingFileIsAnError() {
        assertThat(failure("app", "-c", "nofile.py").text())
                .isEqualTo("\nError: 'nofile.py' doesn't exist\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "workers = -1|-1|Value must be positive: -1",
                "workers = 1.5|1.5|int() can't convert non-string with explicit base",
                "workers = 'abc'|abc|invalid literal for int() with base 0: 'abc'",
                "workers = None|None|int() can't convert non-string with explicit base",
                "umask = '0022'|0022|invalid literal for int() with base 0: '0022'",
                "reload = 1|1|Invalid type for casting: 1",
                "reload = 'yes'|yes|Invalid boolean: yes",
                "pidfile = 3|3|Not a string: 3",
                "bind = 8000|8000|'int' object is not iterable",
                "bind = [8000]|[8000]|Not a string: 8000",
                "forwarded_allow_ips = ['::1']|['::1']|Not a string: ['::1']",
                "forwarded_allow_ips = 'x'|x|'x' does not appear to be an IPv4 or IPv6 network",
                "secure_scheme_headers = []|[]|Value is not a dictionary: []",
                "header_map = 'keep'|keep|Invalid header map behaviour: keep",
                "on_exit = 3|3|Value is not callable: 3",
                "chdir = '/nonexistent'|/nonexistent|can't chdir to '/nonexistent'",
                "chdir = '/dev/null'|/dev/null|can't chdir to '/dev/null'",
            })
    void badValueInTheFileNamesSettingAndReason(String line, String value, String reason)
            throws IOException {
        file("gunicorn.conf.py", line);
        String name = line.substring(0, line.indexOf(' '));
        assertThat(failure("app").text())
                .isEqualTo(
                        "Invalid value for "
                                + name
                                + ": "
                                + value
                                + "\n\n\nError: "
                                + reason
                                + "\n("
                                + name
                                + ", file:"
                                + folder.resolve("gunicorn.conf.py")
                                + ":1)\n");
        assertThat(failure("app").exitCode()).isEqualTo(1);
    }

    @Test
    void hookWithTheWrongNumberOfParametersIsAnError() throws IOException {
        file("gunicorn.conf.py", "def pre_fork(server): pass");
        assertThat(failure("app").text())
                .startsWith("Invalid value for pre_fork: <function pre_fork at 0x")
                .contains("\n\nError: Value must have an arity of: 2\n")
                .endsWith("gunicorn.conf.py:1)\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bind = ':port'|bind",
                "worker_class = 'fast'|worker_class",
                "raw_env = 'NAME'|raw_env",
                "protocol = 'uwsgi'|protocol",
                "boot_timeout = 1; warmup = '/'|boot_timeout",
                "warmup = 'file:nofile'|warmup",
            })
    void errorThatShowsLaterNamesFileAndLine(String line, String setting) throws IOException {
        file("gunicorn.conf.py", "# a comment", line, "threads = 1");
        assertThat(failure("app").text())
                .startsWith("\nError: ")
                .endsWith(
                        "\n(" + setting + ", file:" + folder.resolve("gunicorn.conf.py") + ":2)\n");
    }

    @Test
    void settingsAreShownAlthoughTheyCannotBeUsed() throws IOException {
        file("gunicorn.conf.py", "worker_class = 'fast'");
        assertThat(failure("app", "--print-config").report())
                .contains("worker_class ", "= fast  # file:", "= app  # command line");
        assertThat(failure("app").report()).isEmpty();
        assertThat(failure("--print-config").report()).as("without application").isEmpty();
    }

    @Test
    void functionThatHasTheNameOfASettingOfOursIsNone() throws IOException {
        file(
                "gunicorn.conf.py",
                "import json as warmup",
                "def max_workers(): return 5",
                "class spare_workers: pass",
                "workers = max_workers()");
        LoadedConfig loaded = load("app");
        assertThat(loaded.config().workers().count()).isEqualTo(5);
        assertThat(loaded.settings())
                .containsEntry("max_workers", 0L)
                .containsEntry("spare_workers", 0L);
        file("gunicorn.conf.py", "def workers(): pass");
        assertThat(failure("app").text()).startsWith("Invalid value for workers: <function");
    }

    @Test
    void pasteFileNamesTheServerAndItsLog() throws IOException {
        file("shop.ini", "[app:main]", "[loggers]", "keys = root");
        String path = folder.resolve("shop.ini").toString();
        LoadedConfig loaded =
                load("ignored:app", "--paste", " shop.ini#two", "--paste-global", "a=b");

        assertThat(loaded.config().wsgiApp()).isEqualTo(path + "#two");
        assertThat(loaded.settings())
                .containsEntry("paste", "shop.ini#two")
                .containsEntry("default_proc_name", path)
                .containsEntry("logconfig", path)
                .containsEntry("raw_paste_global_conf", List.of("a=b"));
    }

    @Test
    void fileOverridesWhatThePasteFileMeans() throws IOException {
        file("shop.ini", "[app:main]");
        file("gunicorn.conf.py", "default_proc_name = 'shop'", "wsgi_app = 'app'");
        LoadedConfig loaded = load("--paste", "shop.ini");

        assertThat(loaded.settings()).containsEntry("default_proc_name", "shop");
        assertThat(loaded.settings().get("logconfig")).isNull();
        assertThat(loaded.config().wsgiApp()).isEqualTo(folder.resolve("shop.ini").toString());
    }

    @Test
    void pasteFileIsMissing() {
        assertThat(failure("--paste", "no.ini#app").text())
                .isEqualTo(
                        "\nError: '"
                                + folder.resolve("no.ini")
                                + "' not found\n(paste, command line)\n");
    }

    /** As in gunicorn: what the file calls paste only says how the application is loaded. */
    @Test
    void pasteInTheFileNamesNoApplication() throws IOException {
        file("gunicorn.conf.py", "paste = 'shop.ini'");
        assertThat(failure().text()).isEqualTo("\nError: No application module specified.\n");
        assertThat(load("other.ini").config().wsgiApp()).isEqualTo("other.ini");
    }

    @Test
    void errorInAModuleNamesTheModuleAndLine() throws IOException {
        file("conf_with_error.py", "", "workers = -1");
        assertThat(failure("app", "-c", "python:conf_with_error").text())
                .endsWith("\n(workers, python:conf_with_error:2)\n");
    }

    @Test
    void nameThatIsCloseToASettingDrawsAWarning() throws IOException {
        file(
                "gunicorn.conf.py",
                "import threading as thread, multiprocessing",
                "def time_out(): pass",
                "class key_file: pass",
                "cpus = multiprocessing.cpu_count()",
                "worker = 4",
                "_backlogs = 3",
                "max_request = 100",
                "max_requests = max_request",
                "if cpus: loglevl = 'debug'",
                "else: loglevl = 'info'");
        String path = "file:" + folder.resolve("gunicorn.conf.py");
        assertThat(load("app").warnings())
                .containsExactly(
                        "No setting is called worker (" + path + ":5): did you mean workers?",
                        "No setting is called loglevl (" + path + "): did you mean loglevel?");
    }

    @Test
    void failingFileShowsItsTraceback() throws IOException {
        file("gunicorn.conf.py", "def f():", "    raise ValueError('no luck')", "f()");
        String path = folder.resolve("gunicorn.conf.py").toString();
        ConfigFailure failure = failure("app");
        assertThat(failure.exitCode()).isEqualTo(1);
        assertThat(failure.text())
                .startsWith(
                        "Failed to read config file: "
                                + path
                                + "\nTraceback (most recent call last):\n  File \""
                                + path
                                + "\", line 3, in <module>\n")
                .endsWith("ValueError: no luck\n");
    }

    @Test
    void syntaxErrorShowsItsPlace() throws IOException {
        file("broken.py", "workers = = 2");
        assertThat(failure("app", "-c", "broken.py").text())
                .startsWith("Failed to read config file: broken.py\n")
                .contains("line 1", "SyntaxError: ");
    }

    @Test
    void fileThatExitsIsObeyed() throws IOException {
        file("gunicorn.conf.py", "import sys; sys.exit(7)");
        assertThat(failure("app").exitCode()).isEqualTo(7);
        assertThat(failure("app").text()).isEmpty();
    }

    @Test
    void missingModuleIsAnError() {
        assertThat(failure("app", "-c", "python:nosuch.conf").text())
                .isEqualTo("\nError: No module named 'nosuch'\n");
    }

    @Test
    void oddSuffixDrawsAWarning() throws IOException {
        file("conf.txt", "workers = 3");
        LoadedConfig loaded = load("app", "-c", "file:conf.txt");
        assertThat(loaded.config().workers().count()).isEqualTo(3);
        assertThat(loaded.notice())
                .isEqualTo(
                        "!!!\n!!! WARNING: configuration file should have a valid Python"
                                + " extension.\n!!!\n\n");
    }

    @Test
    void noticeIsNotLostWhenTheFileIsBad() throws IOException {
        file("conf.txt", "workers = -3");
        assertThat(failure("app", "-c", "conf.txt").text())
                .startsWith("!!!\n!!! WARNING: ")
                .contains("\n!!!\n\nInvalid value for workers: -3\n");
    }

    @Test
    void failedReloadLeavesTheConfigurationInUseInItsFolder() throws IOException {
        Files.createDirectory(folder.resolve("sub"));
        file("gunicorn.conf.py", "import os", "chdir = 'sub'", "def on_exit(server): pass");
        ConfigLoader loader =
                new ConfigLoader(
                        new GunicornCommand("1", Map.of()), SharedPython.host(), Given.in(folder));
        loader.load(List.of("app"));
        file("gunicorn.conf.py", "workers = -1");
        assertThatThrownBy(() -> loader.load(List.of("app"))).isInstanceOf(ConfigFailure.class);
        file("probe.py", "import os", "proc_name = os.getcwd()");
        // Started in ".", the probe tells where the failed reload has left us.
        assertThat(
                        SharedPython.host()
                                .evaluate(
                                        "file:" + folder.resolve("probe.py"),
                                        Path.of("."),
                                        List.of("proc_name"),
                                        List.of())
                                .values()
                                .get("proc_name")
                                .str())
                .endsWith("/sub");
    }
}
