package io.jgunicorn.worker.python;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.control.ThreadStack.Frame;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StackDumpTest {
    private static final String DUMP =
            """

            Thread[#33,watcher,5,main]
            Traceback (most recent call first)
              File "threading.py", line 975, in null
              File "stacks.py", line 15, in ask

            Thread[#32,python-2,5,main]
            Traceback (most recent call last):
              File "/app.py", line 6, in outer
              File "/app.py", line 3, in inner
            """;

    private static final List<Frame> INNER_AND_OUTER =
            List.of(new Frame("/app.py", 6, "outer"), new Frame("/app.py", 3, "inner"));

    @Test
    void framesOfEachThreadAreFoundWithoutTheRuntimesOwn() {
        assertThat(StackDump.parse(DUMP))
                .isEqualTo(
                        Map.of(
                                33L, List.of(List.of(new Frame("stacks.py", 15, "ask"))),
                                32L, List.of(INNER_AND_OUTER)));
    }

    @Test
    void eachStackOfAThreadIsOneOfItsOwn() {
        assertThat(StackDump.parse(DUMP + "\nThread[#32,python-2,5,main]\n").get(32L))
                .containsExactly(INNER_AND_OUTER, List.of());
    }

    @Test
    void whatPrecedesTheFirstHeaderBelongsToNobody() {
        assertThat(StackDump.parse("\0\0  File \"x\", line 1, in y\n")).isEmpty();
    }

    @Test
    void readerSeesWhatIsWrittenAfterItHasBegun() throws IOException {
        StackDump dump = StackDump.create();
        // The writers share one offset, as threads that write to one descriptor do.
        try (FileOutputStream writer = new FileOutputStream("/proc/self/fd/" + dump.descriptor())) {
            write(writer, 1);
            try (StackDump.Reader first = dump.read()) {
                write(writer, 2);
                try (StackDump.Reader second = dump.read()) {
                    write(writer, 3);
                    assertThat(second.stacks()).containsOnlyKeys(3L);
                }
                assertThat(first.stacks()).containsOnlyKeys(2L, 3L);
            }
            try (StackDump.Reader third = dump.read()) {
                assertThat(third.stacks()).isEmpty();
                write(writer, 4);
                assertThat(third.stacks()).containsOnlyKeys(4L);
            }
        }
    }

    private static void write(FileOutputStream writer, long thread) throws IOException {
        String header = "\nThread[#" + thread + ",x,5,main]\n";
        writer.write(header.getBytes(StandardCharsets.US_ASCII));
    }
}
