package io.jgunicorn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BindAddressTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8000, http://127.0.0.1:8000",
        ":8080, http://0.0.0.0:8080",
        "LocalHost, http://localhost:8000",
        "tcp://example.org:81, http://example.org:81",
        "[::1]:8000, http://[::1]:8000",
        "[FE80::1], http://[fe80::1]:8000",
        "unix:/run/app.sock, unix:/run/app.sock",
        "unix:///run/app.sock, unix:/run/app.sock",
        "unix:app.sock, unix:app.sock",
        "fd://3, fd://3",
        "0.0.0.0:0, http://0.0.0.0:0",
        "'', http://0.0.0.0:8000",
    })
    void addressIsReadInEveryForm(String text, String shown) {
        assertThat(BindAddress.parse(text)).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:http", "host:", "host:65536", "host:-1", "[::1]:x", "::1"})
    void portThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> BindAddress.parse(text))
                .isInstanceOf(ConfigFailure.class)
                .message()
                .startsWith("\nError: '")
                .endsWith("' is not a valid port number.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fd://x", "fd://", "fd://-1"})
    void descriptorThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> BindAddress.parse(text))
                .isInstanceOf(ConfigFailure.class)
                .hasMessage(
                        "\nError: '" + text.substring(5) + "' is not a valid file descriptor.\n");
    }
}
