package io.jgunicorn.python;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.config.value.RawValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs the unittest files of {@code src/test/python} inside GraalPy. */
class PythonTestsTest {
    private static final Path TESTS = Path.of(System.getProperty("jgunicorn.test.python"));

    @Test
    void unittestFilesPassInGraalPy() {
        Map<String, RawValue> outcome =
                SharedPython.host()
                        .evaluate(
                                "file:" + TESTS.resolve("run_in_graalpy.py"),
                                TESTS,
                                List.of("failures", "ran"),
                                List.of())
                        .values();
        assertThat(outcome.get("failures").str()).isEmpty();
        assertThat(Integer.parseInt(outcome.get("ran").str())).isGreaterThan(20);
    }
}
