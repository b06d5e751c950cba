package io.jgunicorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResponseHeadTest {
    private static String line(String name) {
        return new String(ResponseHead.serverLine(name), StandardCharsets.US_ASCII);
    }

    @Test
    void serverFieldNamesUsUnlessAConfigurationSaysOtherwise() {
        assertThat(line(null)).isEqualTo("\r\nServer: jgunicorn\r\n");
        assertThat(line("ours/1")).isEqualTo("\r\nServer: ours/1\r\n");
        assertThat(line("")).isEqualTo("\r\n");
    }

    @Test
    void nameOfTheServerAddsNoField() {
        assertThat(line("a\r\nX-B: c\u00e4")).isEqualTo("\r\nServer: aX-B: c\r\n");
    }
}
