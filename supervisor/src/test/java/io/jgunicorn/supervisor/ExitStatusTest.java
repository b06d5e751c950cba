package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExitStatusTest {

    @Test
    void orderlyExitIsNotWorthALine() {
        assertThat(new ExitStatus(0).report(7, false, Optional.empty())).isEmpty();
    }

    @Test
    void exitCodesAreErrors() {
        assertThat(line(1)).isEqualTo("ERROR Worker (pid:7) exited with code 1.");
        assertThat(line(255)).isEqualTo("ERROR Worker (pid:7) exited with code 255.");
    }

    @Test
    void signalsHaveLevelsThatFitTheirCause() {
        assertThat(line(128 + 9))
                .isEqualTo("ERROR Worker (pid:7) was sent SIGKILL! Perhaps out of memory?");
        assertThat(line(128 + 15)).isEqualTo("INFO Worker (pid:7) was sent SIGTERM!");
        assertThat(line(128 + 11)).isEqualTo("WARNING Worker (pid:7) was sent SIGSEGV!");
        assertThat(line(128 + 7)).isEqualTo("WARNING Worker (pid:7) was sent SIGBUS!");
    }

    @Test
    void killOfOurOwnDoesNotBlameMemory() {
        assertThat(new ExitStatus(137).report(7, true, Optional.empty()).orElseThrow().text())
                .isEqualTo("Worker (pid:7) was sent SIGKILL!");
    }

    @Test
    void whatElseIsKnownIsSaid() {
        Optional<String> cause = Optional.of("It was the cat.");
        assertThat(new ExitStatus(137).report(7, false, cause).orElseThrow().text())
                .isEqualTo(
                        "Worker (pid:7) was sent SIGKILL! Perhaps out of memory? It was the cat.");
        assertThat(new ExitStatus(134).report(7, false, cause).orElseThrow().text())
                .isEqualTo("Worker (pid:7) was sent SIGABRT! It was the cat.");
    }

    private static String line(int status) {
        Action.Log line = new ExitStatus(status).report(7, false, Optional.empty()).orElseThrow();
        return line.level() + " " + line.text();
    }
}
