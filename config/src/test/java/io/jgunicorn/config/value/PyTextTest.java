package io.jgunicorn.config.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PyTextTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "a, 'a'",
                "it's, \"it's\"",
                "it's \"it\", 'it\\'s \"it\"'",
                "say \"it\", 'say \"it\"'",
                "a\\b, 'a\\\\b'",
                "ä€, 'ä€'",
            })
    void textIsQuotedAsPythonDoes(String text, String expected) {
        assertThat(PyText.repr(text)).isEqualTo(expected);
    }

    @Test
    void whatCannotBePrintedIsEscaped() {
        assertThat(PyText.repr("\n\r\t\0\u007f\u00a0\u2028\ud83d\ude00\udb40\udc01"))
                .isEqualTo("'\\n\\r\\t\\x00\\x7f\\xa0\\u2028\ud83d\ude00\\U000e0001'");
    }

    @Test
    void valuesLookLikePython() {
        assertThat(PyText.str("a")).isEqualTo("a");
        assertThat(PyText.str(null)).isEqualTo("None");
        assertThat(PyText.str(true)).isEqualTo("True");
        assertThat(PyText.str(3L)).isEqualTo("3");
        assertThat(PyText.str(List.of("a", "b"))).isEqualTo("['a', 'b']");
        assertThat(PyText.str(Map.of("a", "b"))).isEqualTo("{'a': 'b'}");
    }

    @Test
    void tupleOfOneKeepsItsComma() {
        assertThat(new RawValue.Items(List.of(RawValue.of(1)), "tuple").str()).isEqualTo("(1,)");
        assertThat(new RawValue.Items(List.of(), "tuple").str()).isEqualTo("()");
    }
}
