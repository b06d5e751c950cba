package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExitStatusTest {

    @Test
    void orderlyExitIsNotWorthALine() {
        assertThat(new ExitStatus(0).report(7, false)).isEmpty();
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
        assertThat(new ExitStatus(137).report(7, true).orElseThrow().text())
                .isEqualTo("Worker (pid:7) was sent SIGKILL!");
    }

    private static String line(int status) {
        Action.Log line = new ExitStatus(status).report(7, false).orElseThrow();
        return line.level() + " " + line.text();
    }
}
