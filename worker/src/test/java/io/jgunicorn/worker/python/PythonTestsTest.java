package io.jgunicorn.worker.python;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.python.ContextOptions;
import io.jgunicorn.python.PythonContexts;
import java.util.Map;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Value;
import org.junit.jupiter.api.Test;

/** Runs the unittest files of {@code src/test/python} inside GraalPy. */
class PythonTestsTest {
    private static final String TESTS = System.getProperty("jgunicorn.test.python");

    @Test
    void unittestFilesPassInGraalPy() {
        Context context = PythonContexts.open(ContextOptions.from(Map.of()));
        try {
            context.eval("python", "import sys; sys.path.insert").execute(0, TESTS);
            Value outcome =
                    context.eval("python", "import run_in_graalpy; run_in_graalpy.run").execute();
            assertThat(outcome.getArrayElement(1).asString()).isEmpty();
            assertThat(outcome.getArrayElement(0).asInt()).isGreaterThan(30);
        } finally {
            context.leave();
            context.close();
        }
    }
}
