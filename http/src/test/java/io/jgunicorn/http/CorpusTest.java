package io.jgunicorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus, however its bytes are cut into segments. */
class CorpusTest {
    /** Longer cases are not cut everywhere: what lies between is one byte, repeated. */
    private static final int CUT_EVERYWHERE = 1000;

    private static final int STRIDE = 997;

    @TempDir static Path folder;

    static List<CorpusCase> cases() throws IOException {
        return CorpusCase.all();
    }

    private static List<String> verdict(String... pieces) {
        try (MemoryConnection connection = new MemoryConnection(TestConfig.spoolingTo(folder))) {
            for (String piece : pieces) {
                connection.send(piece);
            }
            return connection.verdict();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whole(CorpusCase one) {
        assertThat(verdict(one.bytes())).as(one.source()).isEqualTo(one.verdict());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void byteByByte(CorpusCase one) {
        assertThat(verdict(one.bytes().split(""))).as(one.source()).isEqualTo(one.verdict());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void cutInTwo(CorpusCase one) {
        String bytes = one.bytes();
        int length = bytes.length();
        for (int cut = 1; cut < length; cut++) {
            if (cut <= CUT_EVERYWHERE / 2
                    || cut >= length - CUT_EVERYWHERE / 2
                    || cut % STRIDE == 0) {
                assertThat(verdict(bytes.substring(0, cut), bytes.substring(cut)))
                        .as("%s, cut at %d", one.source(), cut)
                        .isEqualTo(one.verdict());
            }
        }
    }

    @Test
    void corpusIsLargeAndNamesAreUnique() throws IOException {
        List<CorpusCase> all = cases();
        assertThat(all).hasSizeGreaterThanOrEqualTo(250);
        Set<String> names = new HashSet<>();
        for (CorpusCase one : all) {
            assertThat(names.add(one.toString())).as(one.toString()).isTrue();
            assertThat(one.source()).as(one.toString()).isNotEmpty();
        }
    }
}
