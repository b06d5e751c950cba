package io.jgunicorn.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The kit notices what it is there to notice. The servers here are a few lines of shell. */
class ServerProcessTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void awaitedLineIsFoundWhenItArrives() throws IOException {
        try (ServerProcess server = shell("echo one; echo two 22 >&2; " + SERVE)) {
            assertThat(server.awaitLine("two (\\d+)", LONG).group(1)).isEqualTo("22");
        }
    }

    @Test
    void waitingEndsAtOnceWhenTheProcessDies() throws IOException {
        long start = System.nanoTime();
        try (ServerProcess server = shell("echo a last word; exit 3")) {
            assertThatThrownBy(() -> server.awaitLine("never printed", LONG))
                    .hasMessageContaining("the server died")
                    .hasMessageContaining("never printed")
                    .hasMessageContaining("a last word");
            assertThat(server.awaitExit()).isEqualTo(3);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void failureTellsWhatWasAwaitedAndTheLastLines() throws IOException {
        try (ServerProcess server = shell("echo some line; " + SERVE)) {
            server.awaitLine("some line", LONG);
            assertThatThrownBy(() -> server.awaitLine("another", Duration.ofMillis(50)))
                    .hasMessageContaining("waited 0.05 s for a line with /another/")
                    .hasMessageContaining("some line");
        }
    }

    @Test
    void undeclaredErrorLineFailsTheTest() throws IOException {
        ServerProcess server = shell("echo '[x] [1] [ERROR] oh no'; " + SERVE);
        server.awaitLine("oh no", LONG);

        assertThatThrownBy(server::close).hasMessageContaining("undeclared error in the log");
    }

    @Test
    void declaredErrorLineIsFine() throws IOException {
        ServerProcess server = shell("echo '[x] [1] [ERROR] oh no'; " + SERVE);
        server.awaitLine("oh no", LONG);
        server.expect("oh no");

        server.close();
    }

    @Test
    void processThatIsLeftIsFoundAndKilled() throws IOException {
        ServerProcess server = shell("sleep 100 >/dev/null 2>&1 & echo left $!; " + SERVE);
        long left = Long.parseLong(server.awaitLine("left (\\d+)", LONG).group(1));

        assertThatThrownBy(server::close).hasMessageContaining("process " + left + " is left");
        Await.until("the kill", LONG, () -> !ProcessTree.isAlive(left));
    }

    @Test
    void pidfileThatIsLeftIsFound() throws IOException {
        ServerProcess server = shell("touch app.pid; echo made; " + SERVE);
        server.awaitLine("made", LONG);

        assertThatThrownBy(server::close).hasMessageContaining("app.pid is left");
    }

    @Test
    void exitCodeAfterTermIsChecked() throws IOException {
        ServerProcess server = shell("trap 'exit 5' TERM; echo trap set; " + SERVE);
        server.awaitLine("trap set", LONG);

        assertThatThrownBy(server::close).hasMessageContaining("exit code 5");
    }

    /** Runs until TERM, then ends with 0 and leaves no child. */
    private static final String SERVE = "read line <&3";

    private static ServerProcess shell(String script) throws IOException {
        Product shell =
                new Product(
                        List.of(
                                "sh",
                                "-c",
                                "mkfifo never; exec 3<>never; trap 'exit 0' TERM; " + script),
                        false,
                        true);
        return ServerProcess.start(shell, Launch.withoutApp().unbound());
    }
}
