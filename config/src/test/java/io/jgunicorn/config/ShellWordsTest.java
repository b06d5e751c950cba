package io.jgunicorn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ShellWordsTest {
    static List<Arguments> cases() {
        return List.of(
                Arguments.of("", List.of()),
                Arguments.of("  a\tb\nc ", List.of("a", "b", "c")),
                Arguments.of("'a b' \"c d\"", List.of("a b", "c d")),
                Arguments.of("a'b'\"c\"", List.of("abc")),
                Arguments.of("'' \"\"", List.of("", "")),
                Arguments.of("a\\ b", List.of("a b")),
                Arguments.of("'a\\b'", List.of("a\\b")),
                Arguments.of("\"a\\b\\\"\\\\\"", List.of("a\\b\"\\")),
                Arguments.of("#a $b", List.of("#a", "$b")));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void textIsSplitAsAShellDoes(String text, List<String> words) {
        assertThat(ShellWords.split(text)).isEqualTo(words);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void joinedWordsAreTheSameWordsAgain(String text, List<String> words) {
        assertThat(ShellWords.split(ShellWords.join(words))).isEqualTo(words);
    }

    @Test
    void onlyWordsThatNeedItAreQuoted() {
        assertThat(ShellWords.join(List.of("-Da=/b:c,d", "e f", "it's", "*")))
                .isEqualTo("-Da=/b:c,d 'e f' 'it'\\''s' '*'");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "'a, No closing quotation",
                "a\", No closing quotation",
                "a\\, No escaped character"
            })
    void openEndIsAnError(String text, String message) {
        assertThatThrownBy(() -> ShellWords.split(text))
                .isInstanceOf(ConfigFailure.class)
                .hasMessage("\nError: " + message + "\n");
    }
}
