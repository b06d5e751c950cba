package io.jgunicorn.bench.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void mapsAreIndentedAndPlainListsAreNot() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", "hello");
        map.put("rates", List.of(1.5, 2.0));
        map.put("rows", List.of(Map.of("n", 1)));

        assertThat(Json.write(map))
                .isEqualTo(
                        """
                        {
                          "name": "hello",
                          "rates": [1.5, 2],
                          "rows": [
                            {
                              "n": 1
                            }
                          ]
                        }
                        """);
    }

    @Test
    void stringsAreEscaped() {
        assertThat(Json.write("a \"b\" \\ \n\u0001é"))
                .isEqualTo("\"a \\\"b\\\" \\\\ \\n\\u0001é\"\n");
    }

    @Test
    void numbersHaveFourDecimalsAtMost() {
        assertThat(Json.write(List.of(0.123456, 12L, -1.5, 1e12)))
                .isEqualTo("[0.1235, 12, -1.5, 1000000000000]\n");
    }

    /** JSON knows no {@code 0.}: a digit must follow the point (RFC 8259, section 6). */
    @Test
    void aNumberThatIsRoundedToAWholeOneHasNoPoint() {
        assertThat(Json.write(List.of(0.00001, 0.99999, -0.00001, 100.00001)))
                .isEqualTo("[0, 1, 0, 100]\n");
    }

    @Test
    void nothingIsNull() {
        assertThat(Json.write(Arrays.asList(null, true))).isEqualTo("[null, true]\n");
    }

    @Test
    void emptyThingsStayShort() {
        assertThat(Json.write(Map.of())).isEqualTo("{}\n");
        assertThat(Json.write(List.of())).isEqualTo("[]\n");
    }

    @Test
    void infinityIsRefused() {
        assertThatThrownBy(() -> Json.write(Double.POSITIVE_INFINITY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
