package io.jgunicorn.config.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jgunicorn.config.ConfigFailure;
import io.jgunicorn.config.OptionParser.Options;
import io.jgunicorn.config.OptionParser.Printed;
import io.jgunicorn.config.Setting;
import io.jgunicorn.config.Settings;
import io.jgunicorn.config.value.RawValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GunicornCommandTest {
    private final GunicornCommand command = new GunicornCommand("1.2.3", Map.of());

    private Options options(String... arguments) {
        return (Options) command.parse(List.of(arguments));
    }

    private String printed(String... arguments) {
        return ((Printed) command.parse(List.of(arguments))).text();
    }

    private ConfigFailure failure(String... arguments) {
        ConfigFailure failure =
                catchThrowableOfType(ConfigFailure.class, () -> command.parse(List.of(arguments)));
        assertThat(failure).as("failure").isNotNull();
        assertThat(failure.exitCode()).isEqualTo(2);
        return failure;
    }

    private String error(String... arguments) {
        String prefix = "usage: jgunicorn [OPTIONS] [APP_MODULE]\njgunicorn: error: ";
        assertThat(failure(arguments).text()).startsWith(prefix).endsWith("\n");
        return failure(arguments).text().substring(prefix.length()).strip();
    }

    @ParameterizedTest
    @CsvSource({"-w 3", "-w3", "--workers 3", "--workers=3"})
    void valueIsFoundInEverySpelling(String line) {
        assertThat(options(line.replace("'", "").split(" ", 2)).values())
                .containsEntry("workers", new RawValue.Int(3));
    }

    @Test
    void uniquePrefixNamesTheOption() {
        assertThat(options("--forwarded", "1.1.1.1").values())
                .containsEntry("forwarded_allow_ips", new RawValue.Text("1.1.1.1"));
    }

    @Test
    void prefixThatNamedAnOptionOfGunicornStillDoes() {
        assertThat(options("--keep", "3").values()).containsKey("keepalive");
        assertThat(options("--header", "drop").values()).containsKey("header_map");
        assertThat(options("--keepalive-r", "3").values()).containsKey("keepalive_requests");
    }

    @Test
    void ambiguousPrefixIsAnError() {
        assertThat(error("--limit", "3"))
                .isEqualTo(
                        "ambiguous option: --limit could match --limit-request-line,"
                                + " --limit-request-fields, --limit-request-field_size");
    }

    @Test
    void unknownOptionIsAnError() {
        assertThat(error("--nope")).isEqualTo("unrecognized arguments: --nope");
        assertThat(error("app", "-w", "2", "other", "-Z"))
                .isEqualTo("unrecognized arguments: other -Z");
    }

    @Test
    void textThatIsNoNumberIsAnError() {
        assertThat(error("-w", "abc")).isEqualTo("argument -w/--workers: invalid int value: 'abc'");
        assertThat(error("--workers=0x3"))
                .isEqualTo("argument -w/--workers: invalid int value: '0x3'");
        assertThat(error("-m", "99x"))
                .isEqualTo("argument -m/--umask: invalid auto_int value: '99x'");
    }

    @Test
    void missingValueIsAnError() {
        assertThat(error("-w")).isEqualTo("argument -w/--workers: expected one argument");
        assertThat(error("-w", "--", "3"))
                .isEqualTo("argument -w/--workers: expected one argument");
        assertThat(error("-w", "--reload"))
                .isEqualTo("argument -w/--workers: expected one argument");
    }

    @Test
    void valueForASwitchIsAnError() {
        assertThat(error("--reload=yes"))
                .isEqualTo("argument --reload: ignored explicit argument 'yes'");
        assertThat(error("-Dx")).isEqualTo("argument -D/--daemon: ignored explicit argument 'x'");
    }

    @Test
    void negativeNumberIsAValue() {
        assertThat(options("-w", "-1").values()).containsEntry("workers", new RawValue.Int(-1));
    }

    @Test
    void umaskIsOctalWithALeadingZero() {
        assertThat(options("-m", "0022").values()).containsEntry("umask", new RawValue.Int(18));
        assertThat(options("-m", "0o22").values()).containsEntry("umask", new RawValue.Int(18));
        assertThat(options("-m", "22").values()).containsEntry("umask", new RawValue.Int(22));
    }

    @Test
    void onlyTheFirstPositionalIsTheApplication() {
        assertThat(options("-w", "2", "app:app", "more").application()).contains("app:app");
        assertThat(options("app:app", "more", "-w", "2").application()).contains("app:app");
        assertThat(options("--", "-odd-").application()).contains("-odd-");
    }

    @Test
    void repeatedOptionGathersOrReplaces() {
        Options options = options("-b", ":1", "--bind=:2", "-w1", "-w2");
        assertThat(options.values())
                .containsEntry("bind", RawValue.of(List.of(":1", ":2")))
                .containsEntry("workers", new RawValue.Int(2));
    }

    @Test
    void switchesMayShareOneDash() {
        assertThat(options("-DRw3").values())
                .containsEntry("daemon", new RawValue.Bool(true))
                .containsEntry("enable_stdio_inheritance", new RawValue.Bool(true))
                .containsEntry("workers", new RawValue.Int(3));
    }

    @Test
    void optionsWithOddActionsMeanWhatTheySay() {
        assertThat(options("--no-sendfile").values())
                .containsEntry("sendfile", new RawValue.Bool(false));
        assertThat(options("--proxy-protocol").values())
                .containsEntry("proxy_protocol", new RawValue.Text("auto"));
        assertThat(options("--proxy-protocol", "v1").values())
                .containsEntry("proxy_protocol", new RawValue.Text("v1"));
        assertThat(options("--access-logformat", "%(h)s ${x} @y").values())
                .containsEntry("access_log_format", new RawValue.Text("%(h)s ${x} @y"));
    }

    @Test
    void versionIsPrinted() {
        assertThat(printed("--version")).isEqualTo("jgunicorn (version 1.2.3)\n");
        assertThat(printed("-v", "--nope")).isEqualTo("jgunicorn (version 1.2.3)\n");
    }

    @Test
    void helpNamesEveryOptionUnderItsSection() {
        String help = printed("-h");
        assertThat(help).startsWith("usage: jgunicorn [OPTIONS] [APP_MODULE]\n");
        for (Setting setting : Settings.all().stream().filter(s -> !s.fileOnly()).toList()) {
            int section = help.indexOf("\n\n" + setting.section().title() + ":\n");
            int next = help.indexOf("\n\n", section + 2);
            String part = help.substring(section, next < 0 ? help.length() : next);
            setting.flags().forEach(flag -> assertThat(part).contains(flag));
        }
        assertThat(help).contains("%(NAME)s");
    }

    private static String help(String columns) {
        GunicornCommand command = new GunicornCommand("1", Map.of("COLUMNS", columns));
        return ((Printed) command.parse(List.of("-h"))).text();
    }

    private static int widest(String text) {
        return text.lines().mapToInt(String::length).max().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"80, 80", "100, 100", "200, 200", "'', 80", "wide, 80", "0, 80", "-1, 80"})
    void helpIsAsWideAsTheTerminal(String columns, int expected) {
        assertThat(widest(help(columns))).isBetween(expected - 5, expected);
    }

    @Test
    void helpBreaksLinesBetweenWordsOnly() {
        String words = words(help("10000"));
        for (String columns : List.of("1", "40", "61", "80", "97")) {
            assertThat(words(help(columns))).isEqualTo(words);
        }
        assertThat(widest(help("10000"))).isGreaterThan(300);
    }

    private static String words(String help) {
        return String.join(" ", help.strip().split("\\s+"));
    }

    @Test
    void helpShowsDefaultsAsTheyAreWritten() {
        String words = words(help("80"));
        assertThat(words)
                .contains("not heard in any case. [0o600]", "Unix sockets that we make. [0]")
                .contains("[127.0.0.1:8000]")
                .contains("or reloads. [30]");
    }

    @Test
    void helpTellsWhatDoesNotWork() {
        String words = words(help("80"));
        assertThat(words)
                .contains("--certfile FILE (not supported) Certificate of the server.")
                .contains("--reuse-port (no effect) Let")
                .contains("--asgi-loop STRING (no effect) Event loop")
                .contains("-w, --workers INT Number of worker processes.")
                .contains("-u, --user USER User that")
                .contains("Not known to gunicorn. [300]");
    }
}
