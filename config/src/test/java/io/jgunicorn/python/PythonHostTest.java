package io.jgunicorn.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How Python ends while threads that a configuration file started go on. */
@Timeout(60)
class PythonHostTest {
    @TempDir Path folder;

    /** Runs a configuration, closes its host, and tells how long that took. */
    private Duration closing(String... lines) throws IOException {
        Path file = Files.write(folder.resolve("gunicorn.conf.py"), List.of(lines));
        PythonHost host =
                new PythonHost(
                        ContextOptions.from(Map.of("HOME", System.getProperty("user.home"))));
        host.evaluate("file:" + file, folder, List.of("workers"), List.of());
        long begin = System.nanoTime();
        host.close();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static String marking(Path file) {
        return "atexit.register(lambda: open(%s, 'w').close())".formatted("'" + file + "'");
    }

    @Test
    void exitHandlersRun() throws IOException {
        Path mark = folder.resolve("mark");
        Duration took = closing("import atexit, threading", marking(mark));
        assertThat(mark).exists();
        assertThat(took).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void daemonThreadInsideASystemCallDoesNotDisturbTheEnd() throws IOException {
        Path mark = folder.resolve("mark");
        Duration took =
                closing(
                        "import atexit, select, socket, threading",
                        marking(mark),
                        "server = socket.create_server(('127.0.0.1', 0))",
                        "inside = threading.Event()",
                        "def metrics():",
                        "    inside.set()",
                        "    select.select([server], [], [])",
                        "threading.Thread(target=metrics, daemon=True).start()",
                        "inside.wait()");
        assertThat(took).isLessThan(Duration.ofSeconds(5));
        assertThat(mark).exists();
    }

    @Test
    void threadThatIsNoDaemonIsWaitedForAMomentOnly() throws IOException {
        Path mark = folder.resolve("mark");
        assertThat(
                        closing(
                                "import atexit, threading",
                                marking(mark),
                                "threading.Thread(target=threading.Event().wait).start()"))
                .isLessThan(Duration.ofSeconds(5));
        assertThat(mark).exists();
    }

    @Test
    void exitHandlerThatFailsDoesNotDisturbTheEnd() throws IOException {
        Path mark = folder.resolve("mark");
        closing("import atexit", marking(mark), "atexit.register(lambda: 1 / 0)");
        assertThat(mark).exists();
    }
}
