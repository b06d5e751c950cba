package io.jgunicorn.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonVariablesTest {
    @Test
    void variablesReachPython() {
        Map<String, String> environment =
                Map.of(
                        "HOME", System.getProperty("user.home"),
                        "PYTHONWARNINGS", "error,ignore::UserWarning",
                        "PYTHONHASHSEED", "7",
                        "PYTHONINTMAXSTRDIGITS", "700",
                        "PYTHONUNBUFFERED", "1",
                        "PYTHONOPTIMIZE", "1");
        List<String> warnings = new ArrayList<>();
        try (Context context =
                PythonContexts.open(ContextOptions.from(environment), Map.of(), warnings::add)) {
            String seen =
                    context.eval(
                                    "python",
                                    "import sys; '%s %s %s %s' % (sys.warnoptions,"
                                            + " sys.get_int_max_str_digits(), __debug__,"
                                            + " sys.flags.no_user_site)")
                            .asString();
            assertThat(seen).isEqualTo("['error', 'ignore::UserWarning'] 700 False 1");
            context.leave();
        }
        assertThat(warnings).as("native calls work").isEmpty();
    }

    @Test
    void emptyAndNeutralValuesChangeNothing() {
        assertThat(
                        PythonVariables.options(
                                Map.of(
                                        "PYTHONWARNINGS", "",
                                        "PYTHONHASHSEED", "random",
                                        "PYTHONVERBOSE", "0",
                                        "PYTHONOPTIMIZE", "0")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "PYTHONHASHSEED,abc,it must be 'random' or 0 to 4294967295",
                "PYTHONHASHSEED,-1,it must be 'random' or 0 to 4294967295",
                "PYTHONHASHSEED,4294967296,it must be 'random' or 0 to 4294967295",
                "PYTHONINTMAXSTRDIGITS,12,\"it must be 0, or at least 640\"",
            })
    void invalidValueIsOneSentence(String name, String value, String rule) {
        assertThatThrownBy(() -> PythonVariables.options(Map.of(name, value)))
                .isInstanceOf(PythonFailure.class)
                .hasMessage(
                        "environment variable " + name + " = '" + value + "' is invalid: " + rule);
    }

    @Test
    void virtualEnvironmentThatFailsIsNoReasonToDoWithoutNativeCalls(@TempDir Path venv) {
        List<String> warnings = new ArrayList<>();
        ContextOptions withoutOurPackage =
                new ContextOptions(
                        List.of(),
                        "",
                        Optional.of(venv),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of());
        assertThatThrownBy(() -> PythonContexts.open(withoutOurPackage, Map.of(), warnings::add))
                .isInstanceOf(PolyglotException.class)
                .hasMessageContaining("jgunicorn");
        assertThat(warnings).isEmpty();
    }
}
