package io.jgunicorn.bench.proc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcFormatTest {
    /** utime 150, stime 50, cutime 1000, cstime 200; a command name with all that confuses. */
    private static final String STAT =
            "4711 (a) b (c) S 1 4711 4711 0 -1 4194560 900 800 0 0 150 50 1000 200 20 0 12 0 9999"
                    + " 123456 789 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0\n";

    @Test
    void cpuTimeCountsReapedChildrenToo() {
        assertThat(ProcFormat.cpuSeconds(STAT)).isEqualTo(14);
    }

    @Test
    void childrenAloneAreWithoutTheProcessItself() {
        assertThat(ProcFormat.childrenCpuSeconds(STAT)).isEqualTo(12);
    }

    @Test
    void residentMemoryIsInMegabytes() {
        String status = "Name:\tjava\nVmPeak:\t  999999 kB\nVmRSS:\t  204800 kB\nThreads:\t40\n";

        assertThat(ProcFormat.residentMb(status)).isEqualTo(200);
    }

    @Test
    void zombieHasNoMemory() {
        assertThat(ProcFormat.residentMb("Name:\tjava\nState:\tZ (zombie)\n")).isZero();
    }

    @Test
    void idleAndWaitingForDisksIsNotBusy() {
        String stat = "cpu  100 20 30 100000 5000 3 2 45 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";

        assertThat(ProcFormat.busySeconds(stat)).isEqualTo(2);
    }
}
