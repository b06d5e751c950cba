package io.jgunicorn.config.cli;

import io.jgunicorn.config.Section;
import io.jgunicorn.config.Setting;
import io.jgunicorn.config.Setting.CliType;
import io.jgunicorn.config.Settings;
import io.jgunicorn.config.Support;
import io.jgunicorn.config.value.Surroundings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The text of {@code -h}: every option under its section, wrapped between words. A word that is
 * wider than the terminal is not broken.
 */
final class HelpText {
    private static final int HELP_COLUMN = 24;
    private static final Set<String> MACHINE_SPECIFIC =
            Set.of("chdir", "user", "group", "control_socket");
    private static final Surroundings NOWHERE = new Surroundings(Map.of(), Path.of("/"), 0, 0);

    private final int columns;
    private final StringBuilder out = new StringBuilder(UsageErrors.USAGE);

    private HelpText(int columns) {
        this.columns = columns;
    }

    /**
     * @param columns width of the terminal
     */
    static String text(int columns) {
        HelpText help = new HelpText(columns);
        help.write();
        return help.out.toString();
    }

    private void write() {
        out.append('\n');
        wrap("Serves the WSGI application APP_MODULE, MODULE or MODULE:NAME.", 0, 0);
        wrap("'jgunicorn run SCRIPT' runs a script that starts its own server with", 0, 0);
        wrap("gunicorn.app.base.BaseApplication.", 0, 0);
        wrap("'jgunicorn ctl -h' tells how to look at a running server and steer it.", 0, 0);
        out.append("\nGeneral:\n");
        option("-h, --help", "Print this text and exit.");
        option("-v, --version", "Print the version and exit.");
        for (Section section : Section.values()) {
            List<Setting> settings =
                    Settings.all().stream()
                            .filter(setting -> setting.section() == section && !setting.fileOnly())
                            .toList();
            if (!settings.isEmpty()) {
                out.append('\n').append(section.title()).append(":\n");
                settings.forEach(
                        setting ->
                                option(
                                        String.join(", ", setting.flags()) + value(setting),
                                        mark(setting) + setting.help() + ending(setting)));
            }
        }
    }

    private void option(String flags, String help) {
        out.append("  ").append(flags);
        int used = 2 + flags.length();
        if (used + 2 > HELP_COLUMN) {
            out.append('\n');
            used = 0;
        }
        wrap(help, used, HELP_COLUMN);
    }

    /**
     * Appends words, and a line end.
     *
     * @param used columns of this line that are taken
     * @param indent column that every line of the words begins in
     */
    private void wrap(String text, int used, int indent) {
        int at = used;
        for (String word : text.split(" ")) {
            boolean first = at <= indent;
            if (!first && at + 1 + word.length() > columns) {
                out.append('\n');
                at = 0;
                first = true;
            }
            int blanks = first ? indent - at : 1;
            out.append(" ".repeat(blanks)).append(word);
            at += blanks + word.length();
        }
        out.append('\n');
    }

    private static String value(Setting setting) {
        String name =
                setting.metavar().isEmpty()
                        ? setting.name().toUpperCase(Locale.ROOT)
                        : setting.metavar();
        return switch (setting.action()) {
            case STORE, APPEND -> " " + name;
            case STORE_OPTIONAL -> " [" + name + "]";
            case STORE_TRUE, STORE_FALSE -> "";
        };
    }

    private static String mark(Setting setting) {
        return switch (setting.support()) {
            case Support.Implemented _, Support.Limited _ -> "";
            case Support.Accepted _, Support.NotYet _ -> "(no effect) ";
            case Support.Refused _ -> "(not supported) ";
        };
    }

    private static String ending(Setting setting) {
        return (setting.ours() ? " Not known to gunicorn." : "") + shownDefault(setting);
    }

    /** {@code [30]}, for defaults that say something and are the same everywhere. */
    private static String shownDefault(Setting setting) {
        if (MACHINE_SPECIFIC.contains(setting.name())) {
            return "";
        }
        return switch (setting.defaultValue().apply(NOWHERE).orElse("")) {
            case Long mode when setting.cliType() == CliType.FILE_MODE && mode > 0 ->
                    " [0o" + Long.toOctalString(mode) + "]";
            case Long number -> " [" + number + "]";
            case String text when !text.isEmpty() -> " [" + text + "]";
            case List<?> list when !list.isEmpty() ->
                    list.stream().map(String::valueOf).collect(Collectors.joining(",", " [", "]"));
            default -> "";
        };
    }
}
