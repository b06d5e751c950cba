package io.jgunicorn.config;

import io.jgunicorn.config.Setting.CliType;
import io.jgunicorn.config.value.HookRef;
import io.jgunicorn.config.value.PyText;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Writes {@code docs/settings.md} from the catalogue. */
final class SettingsPage {
    static final String UPDATE = "./mvnw test -pl config -Dtest=SettingsPageTest -Djgunicorn.write";

    private static final String INTRODUCTION =
            """
            # Settings

            Written from the catalogue of settings; do not edit it here. After a change there: `UPDATE`.

            A setting is given by its option, or by its name in the configuration file (`gunicorn.conf.py`, or what `-c` names), which
            is Python; or by its option in the variable `GUNICORN_CMD_ARGS`. The command line wins over `GUNICORN_CMD_ARGS`, that over
            the file, that over the default. `jgunicorn --print-config` shows all values and where they come from.

            """;

    /** Defaults that depend on where the server runs. */
    private static final Map<String, String> DEPENDING =
            Map.of(
                    "chdir", "the folder it is started in",
                    "user", "the user that starts it",
                    "group", "the group that starts it",
                    "control_socket",
                            "`$XDG_RUNTIME_DIR/gunicorn.ctl` if there is such a folder, else"
                                    + " `~/.gunicorn/gunicorn.ctl`");

    private SettingsPage() {}

    static String text() {
        StringBuilder page = new StringBuilder(INTRODUCTION.replace("UPDATE", UPDATE));
        list(page, "Known to jgunicorn only", Setting::ours);
        list(page, "Not supported", setting -> setting.support() instanceof Support.Refused);
        list(page, "Without effect, which a warning says", SettingsPage::isNotYet);
        list(page, "Accepted, and not needed here", SettingsPage::isAccepted);
        for (Section section : Section.values()) {
            List<Setting> settings =
                    Settings.all().stream().filter(s -> s.section() == section).toList();
            if (!settings.isEmpty()) {
                page.append("\n## ").append(section.title()).append('\n');
                settings.forEach(setting -> describe(page, setting));
            }
        }
        return page.toString();
    }

    private static boolean isNotYet(Setting setting) {
        return setting.support() instanceof Support.NotYet;
    }

    private static boolean isAccepted(Setting setting) {
        return setting.support() instanceof Support.Accepted;
    }

    private static void list(StringBuilder page, String title, Predicate<Setting> which) {
        String links =
                Settings.all().stream()
                        .filter(which)
                        .map(setting -> "[`%s`](#%1$s)".formatted(setting.name()))
                        .collect(Collectors.joining(", "));
        page.append("- ").append(title).append(": ").append(links).append(".\n");
    }

    private static void describe(StringBuilder page, Setting setting) {
        page.append("\n### `").append(setting.name()).append("`\n\n");
        page.append(setting.help()).append("\n\n");
        item(page, "Option", options(setting));
        item(page, "Values", setting.allowed());
        item(page, "Default", defaultOf(setting));
        item(page, "Here", effect(setting));
    }

    private static void item(StringBuilder page, String title, String text) {
        page.append("- ").append(title).append(": ").append(text).append('\n');
    }

    private static String options(Setting setting) {
        if (setting.fileOnly()) {
            return "none; in the configuration file only";
        }
        String flags =
                setting.flags().stream()
                        .map(flag -> "`" + flag + "`")
                        .collect(Collectors.joining(", "));
        String metavar =
                setting.metavar().isEmpty()
                        ? setting.name().toUpperCase(Locale.ROOT)
                        : setting.metavar();
        return switch (setting.action()) {
            case STORE -> flags + " " + metavar;
            case APPEND -> flags + " " + metavar + ", repeated for several";
            case STORE_OPTIONAL -> flags + " [" + metavar + "], alone: `auto`";
            case STORE_TRUE -> flags;
            case STORE_FALSE -> flags + ", which means `False`";
        };
    }

    private static String defaultOf(Setting setting) {
        if (DEPENDING.containsKey(setting.name())) {
            return DEPENDING.get(setting.name());
        }
        Object value = setting.defaultValue().apply(Given.in(Path.of("/"))).orElse(null);
        String shown =
                switch (value) {
                    case HookRef _ -> "no function";
                    case Long mode when setting.cliType() == CliType.FILE_MODE && mode > 0 ->
                            "`0o" + Long.toOctalString(mode) + "`";
                    case null, default -> "`" + PyText.reprOf(value) + "`";
                };
        return setting.variable().isEmpty()
                ? shown
                : shown + ", unless the environment has `" + setting.variable() + "`";
    }

    private static String effect(Setting setting) {
        String implemented =
                setting.difference().isEmpty() ? "as in gunicorn" : setting.difference();
        String text =
                switch (setting.support()) {
                    case Support.Implemented() when setting.ours() ->
                            "a setting of jgunicorn's own, which gunicorn does not know";
                    case Support.Implemented() -> implemented;
                    case Support.Limited(var _, String reason) -> implemented + "; but " + reason;
                    case Support.Accepted(String effect) -> "accepted, effect " + effect;
                    case Support.NotYet(String instead) -> "no effect, with a warning: " + instead;
                    case Support.Refused(var _, String reason) ->
                            "not supported, the start is refused: " + reason;
                };
        return text + ".";
    }
}
