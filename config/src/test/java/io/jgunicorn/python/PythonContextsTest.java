package io.jgunicorn.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.graalvm.polyglot.Context;
import org.junit.jupiter.api.Test;

/** In this JVM Python is only interpreted. */
class PythonContextsTest {
    private static final Map<String, String> HOME = Map.of("HOME", "/nonexistent");

    private final List<String> warnings = new ArrayList<>();

    @Test
    void optionsOfACompilerThatIsNotThereAreLeftOut() {
        Map<String, String> compiler = Map.of("compiler.InliningExpansionBudget", "1000");
        try (Context context =
                PythonContexts.open(ContextOptions.from(HOME), compiler, warnings::add)) {
            assertThat(context.eval("python", "6 * 7").asInt()).isEqualTo(42);
            context.leave();
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void whatElseIsWrongIsStillThrown() {
        Map<String, String> variables = Map.of("PYTHONHASHSEED", "no number");
        Map<String, String> compiler = Map.of("compiler.InliningExpansionBudget", "1000");
        assertThatThrownBy(
                        () ->
                                PythonContexts.open(
                                        ContextOptions.from(variables), compiler, warnings::add))
                .isInstanceOf(PythonFailure.class);
    }
}
