package io.jgunicorn.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.config.Given;
import io.jgunicorn.config.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidatorsTest {
    private static final Surroundings HERE = Given.in(Path.of("/"));
    private static final RawValue NONE = new RawValue.None();

    private static Optional<Object> accept(String setting, RawValue value) {
        return Settings.named(setting).orElseThrow().accept(value, HERE);
    }

    private static Optional<Object> accept(String setting, Object value) {
        return accept(setting, RawValue.of(value));
    }

    @ParameterizedTest
    @CsvSource({
        "workers, 3, 3",
        "workers, 0x10, 16",
        "workers, ' +1_000 ', 1000",
        "workers, 0b11, 3",
        "umask, 0o22, 18",
        "workers, 00, 0",
    })
    void textInAnyBaseIsANumber(String setting, String text, long number) {
        assertThat(accept(setting, text)).contains(number);
    }

    @ParameterizedTest
    @CsvSource({"010", "1.5", "''", "0x", "1__0", "_1", "abc", "- 1"})
    void textThatIsNoNumberIsRefused(String text) {
        assertThatThrownBy(() -> accept("workers", text))
                .hasMessage("invalid literal for int() with base 0: '" + text + "'");
    }

    @Test
    void truthValuesCountAsNumbers() {
        assertThat(accept("workers", true)).contains(1L);
        assertThat(accept("workers", false)).contains(0L);
    }

    @Test
    void numberBeyondAllMeasureIsRefused() {
        assertThatThrownBy(() -> accept("workers", 1L << 31))
                .hasMessage("Value is too large: 2147483648 (at most 2147483647)");
        RawValue huge = new RawValue.Other("int", "99999999999999999999", "99999999999999999999");
        assertThatThrownBy(() -> accept("workers", huge))
                .hasMessage("Value is too large: 99999999999999999999 (at most 2147483647)");
    }

    @Test
    void onlyTrueAndFalseAreTruthValues() {
        assertThat(accept("reload", " TRUE ")).contains(true);
        assertThat(accept("reload", "false")).contains(false);
        assertThat(accept("reload", NONE)).isEmpty();
        assertThatThrownBy(() -> accept("reload", 1)).hasMessage("Invalid type for casting: 1");
    }

    @Test
    void textIsTrimmed() {
        assertThat(accept("pidfile", " a b ")).contains("a b");
        assertThat(accept("pidfile", NONE)).isEmpty();
    }

    @Test
    void listTakesOneTextForAListOfOne() {
        assertThat(accept("bind", " a,b ")).contains(List.of("a,b"));
        assertThat(accept("bind", List.of(" a ", "b"))).contains(List.of("a", "b"));
        assertThat(accept("bind", "")).contains(List.of());
        assertThat(accept("bind", NONE)).contains(List.of());
    }

    @Test
    void commasSeparateWhereTheyMay() {
        assertThat(accept("forwarder_headers", "A, B,,C")).contains(List.of("A", "B", "C"));
        assertThat(accept("forwarder_headers", NONE)).contains(List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "*",
        "127.0.0.1",
        "::1",
        "10.0.0.0/8",
        "10.0.0.0/255.0.0.0",
        "fe80::/10",
        "0.0.0.0/0",
        "1.2.3.4/32",
    })
    void networkIsAccepted(String text) {
        assertThat(accept("forwarded_allow_ips", text)).contains(List.of(text));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "10.0.0.1/8, 10.0.0.1/8 has host bits set",
                "fe80::1/64, fe80::1/64 has host bits set",
                "localhost, 'localhost' does not appear to be an IPv4 or IPv6 network",
                "10.0.0, '10.0.0' does not appear to be an IPv4 or IPv6 network",
                "010.0.0.1, '010.0.0.1' does not appear to be an IPv4 or IPv6 network",
                "10.0.0.0/33, '10.0.0.0/33' does not appear to be an IPv4 or IPv6 network",
                "1::2::3, '1::2::3' does not appear to be an IPv4 or IPv6 network",
            })
    void networkThatIsNoneIsRefused(String text, String reason) {
        assertThatThrownBy(() -> accept("forwarded_allow_ips", text)).hasMessage(reason);
    }

    @Test
    void hookNeedsItsParameters() {
        RawValue three = new RawValue.Callable("f", 3, "<function f>");
        assertThat(accept("nworkers_changed", three)).contains(new HookRef("f", 3, true));
        assertThat(accept("post_request", three)).contains(new HookRef("f", 3, true));
        assertThatThrownBy(() -> accept("on_exit", three))
                .hasMessage("Value must have an arity of: 1");
        assertThatThrownBy(() -> accept("post_request", new RawValue.Callable("f", 1, "")))
                .hasMessage("Value must have an arity of: 4");
        assertThatThrownBy(() -> accept("on_exit", new RawValue.Unresolved("a.b", "why")))
                .hasMessage("why");
    }

    @Test
    void dictIsKeptAsText() {
        assertThat(accept("secure_scheme_headers", Map.of("A", "b"))).contains(Map.of("A", "b"));
        assertThat(accept("logconfig_dict", Map.of("version", 1))).contains(Map.of("version", "1"));
    }

    @ParameterizedTest
    @CsvSource({
        "statsd_host, localhost, localhost:8125",
        "statsd_host, localhost:9, localhost:9",
        "statsd_host, unix:///run/s, unix:///run/s",
        "statsd_prefix, svc, svc.",
        "statsd_prefix, svc., svc.",
        "statsd_prefix, s, s",
        "proxy_protocol, TRUE, auto",
        "proxy_protocol, 0, off",
        "http2_cleartext, ' Both ', both",
        "asgi_loop, ' UVLoop', uvloop",
        "http_protocols, ' ', [h1]",
        "http_protocols, 'H2, h1', '[h2, h1]'",
        "header_map, Drop, drop",
        "user, 12, 12",
        "user, root, 0",
    })
    void specialSettingsHaveRulesOfTheirOwn(String setting, String text, String expected) {
        assertThat(accept(setting, text).orElseThrow()).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "reload_engine, magic, Invalid reload_engine: 'magic'",
        "asgi_loop, X, Invalid ASGI loop: x",
        "asgi_lifespan, x, Invalid ASGI lifespan: x",
        "http_parser, x, 'http_parser must be one of: auto, fast, python'",
        "http2_cleartext, x, Invalid http2_cleartext: x",
        "http2_max_frame_size, 5, 'http2_max_frame_size must be between 16384 and 16777215, got 5'",
        "http_protocols, 'h1,h1', Duplicate protocols specified",
        "http_protocols, 'h1,h3', 'Invalid protocol ''h3''. Valid protocols: h1, h2'",
        "proxy_protocol, '', 'proxy_protocol must be: off, v1, v2, or auto'",
        "reload_extra_files, nofile.txt, File nofile.txt does not exists.",
        "group, nosuchgroup, No such group: 'nosuchgroup'",
        "user, 4294967295, user = 4294967295 cannot be used: ids are 0 to 4294967294.",
        "group, 9999999999, group = 9999999999 cannot be used: ids are 0 to 4294967294.",
    })
    void specialSettingsRefuseWhatTheyDoNotKnow(String setting, String text, String reason) {
        assertThatThrownBy(() -> accept(setting, text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "128M, 134217728",
        "131072k, 134217728",
        "1G, 1073741824",
        "64g, 68719476736",
        "131073K, 134218752",
    })
    void memoryOfAWorkerIsANumberWithAUnit(String text, long bytes) {
        assertThat(accept("worker_memory", " " + text + " ")).contains(text);
        assertThat(MemorySize.parse(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @CsvSource({"127M", "131071K", "65G", "512", "512MB", "1.5G", "-1G", "''", "1000000000K", "G"})
    void memoryBeyondTheBoundsOrWithoutAUnitIsRefused(String text) {
        assertThatThrownBy(() -> accept("worker_memory", text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(
                        "worker_memory = '"
                                + text
                                + "' cannot be used: it must be 128M to 64G, a whole number with"
                                + " the unit K, M or G.");
    }

    @Test
    void memoryMustBeAText() {
        assertThatThrownBy(() -> accept("worker_memory", 1 << 30))
                .hasMessageStartingWith("worker_memory = 1073741824 cannot be used: ");
        assertThatThrownBy(() -> accept("worker_memory", NONE))
                .hasMessageStartingWith("worker_memory = None cannot be used: ");
    }

    @ParameterizedTest
    @CsvSource({"128M", "1024G", "700m", "0"})
    void memoryThatEndsAWorkerIsANumberWithAUnitOrOff(String text) {
        assertThat(accept("max_worker_memory", text)).contains(text);
    }

    @Test
    void memoryThatEndsAWorkerMayBeTheNumberZero() {
        assertThat(accept("max_worker_memory", 0)).contains("0");
    }

    @ParameterizedTest
    @CsvSource({"127M", "1025G", "512", "lots", "-1", "''"})
    void memoryThatEndsAWorkerHasBounds(String text) {
        assertThatThrownBy(() -> accept("max_worker_memory", text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(
                        "max_worker_memory = '"
                                + text
                                + "' cannot be used: it must be 128M to 1024G, a whole number with"
                                + " the unit K, M or G; or 0 for no limit.");
    }

    @Test
    void atLeastOneWorkerMayBeReplacedAtATime() {
        assertThat(accept("max_replacements", 1000)).contains(1000L);
        for (int count : new int[] {0, -1, 1001}) {
            assertThatThrownBy(() -> accept("max_replacements", count))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessage(
                            "max_replacements = "
                                    + count
                                    + " cannot be used: it must be 1 to 1000.");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "min_workers, 0, 1 to 1000",
        "scaling_busyness, 9, 10 to 95 per cent",
        "scaling_busyness, 96, 10 to 95 per cent",
        "scaling_step, 0, 1 to 100",
        "scaling_down_after, 0, 1 to 86400 seconds",
        "scaling_down_after, 86401, 1 to 86400 seconds",
    })
    void measuresOfScalingHaveBounds(String setting, int value, String allowed) {
        assertThatThrownBy(() -> accept(setting, value))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(
                        "%s = %d cannot be used: it must be %s."
                                .formatted(setting, value, allowed));
    }

    @Test
    void proxyHeadersNamesFieldsOfOneFamily() {
        assertThat(accept("proxy_headers", "X-Forwarded-For, X-Forwarded-Proto"))
                .contains(List.of("x-forwarded-for", "x-forwarded-proto"));
        assertThat(accept("proxy_headers", List.of("X-Forwarded-Host")))
                .contains(List.of("x-forwarded-host"));
        assertThat(accept("proxy_headers", "Forwarded")).contains(List.of("forwarded"));
        assertThat(accept("proxy_headers", "off")).contains(List.of());
        assertThat(accept("proxy_headers", "")).contains(List.of());
        assertThat(accept("proxy_headers", NONE)).contains(List.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"x-real-ip", "forwarded,x-forwarded-for", "x-forwarded", "on"})
    void proxyHeadersThatCannotBeFollowedAreRefused(String names) {
        assertThatThrownBy(() -> accept("proxy_headers", names))
                .hasMessage(
                        "proxy_headers = '"
                                + names
                                + "' cannot be used: it must name the header fields that your proxy"
                                + " sets: forwarded, or some of x-forwarded-for, x-forwarded-proto,"
                                + " x-forwarded-host, x-forwarded-port; or be off.");
    }

    @Test
    void warmupTakesTargetsAndFiles() {
        assertThat(accept("warmup", List.of("/", "/a?b=%20#c", "file:x y.txt")))
                .contains(List.of("/", "/a?b=%20#c", "file:x y.txt"));
        assertThat(accept("warmup", " /a ")).contains(List.of("/a"));
        assertThat(accept("warmup", "recent")).contains(List.of("recent"));
        assertThat(accept("warmup", NONE)).contains(List.of());
    }

    @ParameterizedTest
    @CsvSource({"''", "a", "http://host/", "/a b", "/ä", "file:", "GET /"})
    void warmupItemThatIsNeitherIsRefused(String item) {
        assertThatThrownBy(() -> accept("warmup", List.of("/", item)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(
                        "warmup = '"
                                + item
                                + "' cannot be used: it must be a target such as /path?query, in"
                                + " ASCII and without blanks, file:PATH, or recent.");
    }

    @Test
    void bodyLimitMayBeLargerThanOtherNumbers() {
        assertThat(accept("limit_request_body", "5000000000")).contains(5_000_000_000L);
        assertThatThrownBy(() -> accept("limit_request_body", -1))
                .hasMessage(
                        "limit_request_body = -1 cannot be used: it must be a number of bytes, or"
                                + " 0 for no limit.");
    }

    @Test
    void warmupTimeoutIsAtMostTwoMinutes() {
        assertThat(accept("warmup_timeout", 0)).contains(0L);
        assertThat(accept("warmup_timeout", "120")).contains(120L);
        assertThatThrownBy(() -> accept("warmup_timeout", 121))
                .hasMessage("warmup_timeout = 121 cannot be used: it must be 0 to 120 seconds.");
        assertThatThrownBy(() -> accept("warmup_timeout", -1))
                .hasMessage("warmup_timeout = -1 cannot be used: it must be 0 to 120 seconds.");
    }

    @Test
    void patternsNeedNotMatchYet() {
        assertThat(accept("reload_extra_files", "templates/*.html"))
                .contains(List.of("templates/*.html"));
    }
}
