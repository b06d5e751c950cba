package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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

    private Optional<String> check(String app) throws Exception {
        Configuration config = TestConfig.serving(app).configuration();
        return new CheckRun(inbox, new LogLines(folder).log()).run(config, FakeWorker::command);
    }
}
