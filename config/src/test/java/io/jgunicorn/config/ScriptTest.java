package io.jgunicorn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code run SCRIPT}: a script that starts its own server stands for the configuration. */
class ScriptTest extends LoadingTest {
    private void script(String name, String settings) throws IOException {
        file(
                name,
                "import sys",
                "from gunicorn.app.base import BaseApplication",
                "class Mine(BaseApplication):",
                "    def load_config(self):",
                "        for name, value in " + settings + ".items():",
                "            self.cfg.set(name, value)",
                "def post_fork(server, worker): pass",
                "if __name__ == '__main__': Mine().run()");
    }

    @Test
    void settingsAreThoseOfTheScriptAlone() throws IOException {
        script("serve.py", "{'workers': 3, 'proc_name': sys.argv[1], 'post_fork': post_fork}");
        file("gunicorn.conf.py", "workers = 9");
        LoadedConfig loaded =
                (LoadedConfig)
                        result(Map.of("GUNICORN_CMD_ARGS", "-w 8"), "run", "serve.py", "-w", "7");
        assertThat(loaded.config().workers().count()).isEqualTo(3);
        assertThat(loaded.config().process().procName()).isEqualTo("-w");
        assertThat(loaded.workerHooks()).containsExactly("post_fork");
        assertThat(loaded.configSource())
                .isEqualTo("script:['" + folder.resolve("serve.py") + "', 'serve.py', '-w', '7']");
        assertThat(loaded.origins().get("workers").label()).isEqualTo("script:serve.py");
        assertThat(loaded.settings()).containsEntry("wsgi_app", null);
    }

    @Test
    void valueThatDoesNotFitNamesTheSetting() throws IOException {
        script("serve.py", "{'bind': 'localhost:http'}");
        assertThat(failure("run", "serve.py").text()).contains("bind, script:serve.py");
    }

    @Test
    void badScriptIsOneMessage() throws IOException {
        file("quiet.py", "x = 1");
        assertThat(failure("run", "quiet.py").text())
                .startsWith(
                        "\nError: quiet.py has ended and started no server: it has to call run()");
        file("broken.py", "", "1 / 0");
        assertThat(failure("run", "broken.py").text())
                .startsWith("Failed to run broken.py\nTraceback (most recent call last):\n")
                .contains("broken.py\", line 2")
                .doesNotContain("script.py");
        file("leaves.py", "raise SystemExit(5)");
        assertThat(failure("run", "leaves.py").exitCode()).isEqualTo(5);
        assertThat(failure("run", "absent.py").text()).contains("Error: 'absent.py' doesn't exist");
    }

    @Test
    void runIsAModuleWhereNoScriptFollows() {
        assertThat(load("run", "-w", "2").settings()).containsEntry("wsgi_app", "run");
        assertThat(load("run").settings()).containsEntry("wsgi_app", "run");
        assertThat(load("run", "nothing").settings()).containsEntry("wsgi_app", "run");
    }

    @Test
    void commandLineCountsForApplicationsThatReadIt() throws IOException {
        file("serve.py", "from gunicorn.app.wsgiapp import run", "run()");
        file("gunicorn.conf.py", "workers = 9", "threads = 4");
        LoadedConfig loaded = load("run", "serve.py", "-w", "7", "app:application");
        assertThat(loaded.config().workers().count()).isEqualTo(7);
        assertThat(loaded.config().workers().threads()).isEqualTo(4);
        assertThat(failure("run", "serve.py", "--nope", "app").exitCode()).isEqualTo(2);
    }
}
