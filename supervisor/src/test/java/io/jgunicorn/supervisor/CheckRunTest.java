package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.config.BindAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CheckRunTest {
    @TempDir Path folder;
    private final Inbox inbox = new Inbox();

    @Test
    void appThatLoadsIsWorthNoWord() throws Exception {
        assertThat(check("ok")).isEmpty();
    }

    @Test
    void appThatCannotBeLoadedIsExplained() throws Exception {
        assertThat(check("broken"))
                .contains("Error while loading the application:\nSyntaxError: invalid syntax");
    }

    @Test
    void oneWorkerIsTriedHoweverManyThereAreToBe() throws Exception {
        Configuration reloading =
                TestConfig.serving("ok")
                        .configuration()
                        .with(Map.of("reload", true, "workers", 8L, "max_workers", 4L));
        assertThat(check(reloading)).isEmpty();
    }

    @Test
    void everythingThatIsMissingIsNamedAtOnce() throws Exception {
        Path absent = folder.resolve("absent");
        TestConfig config =
                TestConfig.serving("ok")
                        .withBind(
                                TestConfig.ANY_PORT,
                                new BindAddress.UnixSocket(absent.resolve("app.sock")),
                                new BindAddress.UnixSocket(folder.resolve("app.sock")),
                                new BindAddress.Tcp("no.such.host.invalid", 80))
                        .withPidFile(absent.resolve("app.pid"));
        assertThat(check(config))
                .contains(
                        "Error: bind: there is no folder for '"
                                + absent.resolve("app.sock")
                                + "' that can be written\n"
                                + "Error: bind: ('no.such.host.invalid', 80): [Errno -2] Name or"
                                + " service not known\n"
                                + "Error: pidfile: there is no folder for '"
                                + absent.resolve("app.pid")
                                + "' that can be written");
    }

    private Optional<String> check(String app) throws Exception {
        return check(TestConfig.serving(app));
    }

    private Optional<String> check(TestConfig test) throws Exception {
        return check(test.configuration());
    }

    private Optional<String> check(Configuration config) throws Exception {
        return new CheckRun(inbox, new LogLines(folder).log()).run(config, FakeWorker::command);
    }
}
