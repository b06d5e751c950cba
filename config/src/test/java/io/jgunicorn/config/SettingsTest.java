package io.jgunicorn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.config.value.HookRef;
import io.jgunicorn.config.value.InvalidValueException;
import io.jgunicorn.config.value.PyText;
import io.jgunicorn.config.value.RawValue;
import io.jgunicorn.config.value.Surroundings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {
    private static final Surroundings HERE = Given.in(Path.of("/srv/app"));

    record Expected(
            String name, String section, String flags, String action, String type, String value) {}

    static List<Expected> gunicornSettings() throws IOException {
        List<Expected> settings = new ArrayList<>();
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                SettingsTest.class.getResourceAsStream("gunicorn-settings.tsv"),
                                StandardCharsets.UTF_8))) {
            in.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .forEach(f -> settings.add(new Expected(f[0], f[1], f[2], f[3], f[4], f[5])));
        }
        return settings;
    }

    @ParameterizedTest
    @MethodSource("gunicornSettings")
    void settingOfGunicornIsInTheCatalogue(Expected expected) {
        Setting setting = Settings.named(expected.name()).orElseThrow();
        assertThat(setting.section().title()).isEqualTo(expected.section());
        String flags = setting.flags().isEmpty() ? "-" : String.join(",", setting.flags());
        assertThat(flags).isEqualTo(expected.flags());
        if (!setting.fileOnly()) {
            assertThat(setting.action().name()).isEqualTo(expected.action());
        }
        Optional<Object> value = setting.defaultValue().apply(HERE);
        if (expected.type().equals("callable")) {
            assertThat(value.orElseThrow()).isInstanceOf(HookRef.class);
            assertThat(setting.isHook()).isTrue();
        } else {
            String shown =
                    PyText.reprOf(value.orElse(null))
                            .replace("'/srv/app'", "'START'")
                            .replace("/home/ada/", "HOME/");
            if (expected.name().equals("user")) {
                shown = shown.replace("1000", "'EUID'");
            }
            if (expected.name().equals("group")) {
                shown = shown.replace("1001", "'EGID'");
            }
            assertThat(shown).isEqualTo(expected.value());
        }
    }

    /** Values that the types of gunicorn's settings refuse. */
    private static final Map<String, RawValue> REFUSED =
            Map.of(
                    "int", new RawValue.Text("many"),
                    "str", new RawValue.Int(1),
                    "list", new RawValue.Int(1),
                    "bool", new RawValue.Int(1),
                    "bool|null", new RawValue.Int(1),
                    "dict", new RawValue.Text("a"),
                    "callable", new RawValue.Int(1),
                    "str|class", new RawValue.Int(1),
                    "host:port|path", new RawValue.Int(1));

    /** Values that they take, where the default is None. */
    private static final Map<String, RawValue> TAKEN =
            Map.of(
                    "str", new RawValue.Text("a"),
                    "bool|null", new RawValue.Bool(true),
                    "host:port|path", new RawValue.Text("localhost:8125"));

    @ParameterizedTest
    @MethodSource("gunicornSettings")
    void settingOfGunicornHasItsType(Expected expected) {
        Setting setting = Settings.named(expected.name()).orElseThrow();
        if (!expected.type().equals("any")) {
            assertThatThrownBy(() -> setting.accept(REFUSED.get(expected.type()), HERE))
                    .isInstanceOf(InvalidValueException.class);
        }
        if (setting.defaultValue().apply(HERE).isEmpty()) {
            assertThat(setting.accept(TAKEN.get(expected.type()), HERE)).isPresent();
        }
        if (setting.cliType() == Setting.CliType.INT) {
            assertThat(expected.type()).isEqualTo("int");
        }
    }

    @ParameterizedTest
    @MethodSource("gunicornSettings")
    void settingOfGunicornIsNotCalledOurs(Expected expected) {
        assertThat(Settings.named(expected.name()).orElseThrow().ours()).isFalse();
    }

    @Test
    void everySettingWithoutFullSupportSaysWhatHappens() {
        for (Setting setting : Settings.all()) {
            String said =
                    switch (setting.support()) {
                        case Support.Implemented() -> "it does what its help says";
                        case Support.Limited(var _, String reason) -> reason;
                        case Support.Accepted(String effect) -> effect;
                        case Support.NotYet(String instead) -> instead;
                        case Support.Refused(var _, String reason) -> reason;
                    };
            assertThat(said).as(setting.name()).hasSizeGreaterThan(15).doesNotEndWith(".");
            assertThat(setting.difference()).as(setting.name()).doesNotEndWith(".");
        }
    }

    @Test
    void refusalNamesTheAlternative() {
        List<String> reasons = new ArrayList<>();
        for (Setting setting : Settings.all()) {
            switch (setting.support()) {
                case Support.Refused(var _, String reason) -> reasons.add(reason);
                case Support.Limited(var _, String reason) -> reasons.add(reason);
                case Support.Implemented _, Support.Accepted _, Support.NotYet _ -> {}
            }
        }
        assertThat(reasons)
                .isNotEmpty()
                .allSatisfy(reason -> assertThat(reason).matches("[^;]+; [^;]+"));
    }

    @Test
    void whatIsOursDiffersFromNothing() {
        assertThat(Settings.all().stream().filter(Setting::ours))
                .isNotEmpty()
                .allSatisfy(setting -> assertThat(setting.difference()).isEmpty());
    }

    @Test
    void variableOfADefaultIsTheOneItLooksAt() {
        for (Setting setting : Settings.all()) {
            Optional<Object> usual = setting.defaultValue().apply(HERE);
            Map<String, String> asked =
                    setting.variable().isEmpty() ? Map.of() : Map.of(setting.variable(), "77");
            Surroundings around = Given.in(Path.of("/srv/app"), asked);
            if (setting.variable().equals("FORWARDED_ALLOW_IPS")) {
                around = Given.in(Path.of("/srv/app"), Map.of(setting.variable(), "*"));
            }
            assertThat(setting.defaultValue().apply(around).equals(usual))
                    .as(setting.name())
                    .isEqualTo(setting.variable().isEmpty());
        }
    }

    @Test
    void catalogueHoldsGunicornsSettingsAndOurs() throws IOException {
        assertThat(gunicornSettings()).hasSize(119);
        Set<String> names = new HashSet<>();
        Settings.all().forEach(setting -> names.add(setting.name()));
        gunicornSettings().forEach(setting -> names.remove(setting.name()));
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "access_log_json",
                        "body_min_rate",
                        "body_timeout",
                        "boot_timeout",
                        "header_timeout",
                        "keepalive_requests",
                        "limit_request_body",
                        "max_replacements",
                        "max_worker_lifetime",
                        "max_worker_lifetime_jitter",
                        "max_worker_memory",
                        "max_workers",
                        "min_workers",
                        "proxy_headers",
                        "request_id_header",
                        "request_timeout",
                        "scaling_algorithm",
                        "scaling_busyness",
                        "scaling_down_after",
                        "scaling_memory",
                        "scaling_step",
                        "spare_workers",
                        "warmup",
                        "warmup_timeout",
                        "worker_memory",
                        "write_timeout");
    }

    @Test
    void everyDefaultPassesItsOwnRule() {
        for (Setting setting : Settings.all()) {
            setting.defaultValue()
                    .apply(Given.in(Path.of("/")))
                    .filter(value -> !(value instanceof HookRef))
                    .filter(value -> !(value instanceof List<?>) || isListOfText(setting))
                    .ifPresent(
                            value ->
                                    assertThat(
                                                    setting.accept(
                                                            RawValue.of(value),
                                                            Given.in(Path.of("/"))))
                                            .as(setting.name())
                                            .contains(value));
        }
    }

    /** The other lists are written as one text with commas. */
    private static boolean isListOfText(Setting setting) {
        return setting.action() == Setting.Action.APPEND;
    }

    @Test
    void everySettingHasHelpThatIsAParagraph() {
        for (Setting setting : Settings.all()) {
            assertThat(setting.help()).as(setting.name()).hasSizeGreaterThan(15).endsWith(".");
            assertThat(setting.help()).as(setting.name()).doesNotContain("\n");
        }
    }

    @Test
    void noFlagIsUsedTwice() {
        List<String> flags = Settings.all().stream().flatMap(s -> s.flags().stream()).toList();
        assertThat(flags).doesNotHaveDuplicates().doesNotContain("-h", "--help", "-v", "--version");
    }

    @Test
    void environmentSetsSomeDefaults() {
        Surroundings around =
                Given.in(
                        Path.of("/"),
                        Map.of(
                                "PORT", "5000",
                                "WEB_CONCURRENCY", "4",
                                "FORWARDED_ALLOW_IPS", "10.0.0.0/8, ::1"));
        assertThat(defaultOf("bind", around)).contains(List.of("0.0.0.0:5000"));
        assertThat(defaultOf("workers", around)).contains(4L);
        assertThat(defaultOf("forwarded_allow_ips", around)).contains(List.of("10.0.0.0/8", "::1"));
    }

    private static Optional<Object> defaultOf(String name, Surroundings around) {
        return Settings.named(name).orElseThrow().defaultValue().apply(around);
    }
}
