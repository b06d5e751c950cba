package io.jgunicorn.bench.proc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessTreeTest {
    @Test
    void thisProcessUsesMemoryAndProcessors() {
        ProcessTree tree = new ProcessTree(ProcessHandle.current().pid());

        assertThat(tree.memory().total()).isBetween(10.0, 10_000.0);
        assertThat(tree.cpuSeconds()).isPositive();
    }

    @Test
    void processThatIsGoneUsesNothing() {
        ProcessTree tree = new ProcessTree(Integer.MAX_VALUE);

        assertThat(tree.memory()).isEqualTo(new Memory(0, 0, 0));
        assertThat(tree.cpuSeconds()).isZero();
    }
}
