package io.jgunicorn.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WrkOutputTest {
    private static final String OUTPUT =
            """
            Running 4s test @ http://127.0.0.1:18999/
              2 threads and 16 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency     1.79ms  336.39us   5.81ms   73.71%
                Req/Sec     4.48k   114.71     4.73k    81.71%
              36537 requests in 4.10s, 5.51MB read
              Non-2xx or 3xx responses: 37
            Requests/sec:   8911.93
            Transfer/sec:      1.34MB
            RESULT 36537 4.000000 1.778 2.182 2.696 4.199 5.807 1 2 3 37 5
            CURVE 8866 8942 8837 8968 923
            """;

    @Test
    void resultLineGivesRateLatenciesAndErrors() throws LoadFailure {
        LoadResult result = WrkOutput.parse(OUTPUT);

        assertThat(result.requests()).isEqualTo(36_537);
        assertThat(result.latency()).isEqualTo(new Latency(1.778, 2.182, 2.696, 4.199, 5.807));
        assertThat(result.errors()).isEqualTo(new Errors(1, 2, 3, 37, 5));
        assertThat(result.errors().total()).isEqualTo(48);
        assertThat(result.perSecond()).containsExactly(8866L, 8942L, 8837L, 8968L, 923L);
    }

    @Test
    void answersOfTheWrongStatusAreNotThroughput() throws LoadFailure {
        assertThat(WrkOutput.parse(OUTPUT).requestsPerSecond()).isEqualTo(36_500 / 4.0);
    }

    @Test
    void curveIsThereOnlyWhenAskedFor() throws LoadFailure {
        String output = OUTPUT.substring(0, OUTPUT.indexOf("CURVE"));

        assertThat(WrkOutput.parse(output).perSecond()).isEmpty();
    }

    @Test
    void outputWithoutResultIsShown() {
        assertThatThrownBy(() -> WrkOutput.parse("unable to connect to 127.0.0.1:1"))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("unable to connect");
    }

    @Test
    void brokenNumberIsNamed() {
        assertThatThrownBy(() -> WrkOutput.parse("RESULT 1 2 3 4 5 6 7 8 9 a 11 12"))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("\"a\"");
    }

    @Test
    void onlyKindsOfErrorsThatOccurredAreNamed() {
        assertThat(new Errors(0, 2, 0, 0, 14).description()).isEqualTo("2 read, 14 timeout");
        assertThat(Errors.NONE.description()).isEmpty();
    }
}
