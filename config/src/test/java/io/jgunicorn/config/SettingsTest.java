package io.jgunicorn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.config.value.HookRef;
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

    @Test
    void catalogueHoldsGunicornsSettingsAndOurs() throws IOException {
        assertThat(gunicornSettings()).hasSize(119);
        Set<String> names = new HashSet<>();
        Settings.all().forEach(setting -> names.add(setting.name()));
        gunicornSettings().forEach(setting -> names.remove(setting.name()));
        assertThat(names)
                .containsExactlyInAnyOrder(
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
