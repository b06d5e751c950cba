package io.jgunicorn.config.cli;

import io.jgunicorn.config.Section;
import io.jgunicorn.config.Setting;
import io.jgunicorn.config.Setting.Action;
import io.jgunicorn.config.Settings;
import io.jgunicorn.config.value.Surroundings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The text of {@code -h}: every option under its section, wrapped to 80 columns. */
final class HelpText {
    private static final Set<String> MACHINE_SPECIFIC =
            Set.of("chdir", "user", "group", "control_socket");
    private static final Surroundings NOWHERE = new Surroundings(Map.of(), Path.of("/"), 0, 0);

    private HelpText() {}

    static String text() {
        CommandLine command = new CommandLine(spec());
        command.setUsageHelpWidth(80);
        command.setUsageHelpLongOptionsMaxWidth(30);
        command.setOptionsCaseInsensitive(false);
        Help help =
                command.getHelpFactory()
                        .create(command.getCommandSpec(), Help.defaultColorScheme(Help.Ansi.OFF));
        return UsageErrors.USAGE
                + "\nServes the WSGI application APP_MODULE, MODULE or MODULE:NAME.\n\n"
                + help.optionList();
    }

    private static CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("jgunicorn");
        spec.usageMessage().sortOptions(false).showAtFileInUsageHelp(false);
        ArgGroupSpec.Builder general = ArgGroupSpec.builder().heading("General:%n").validate(false);
        general.addArg(
                OptionSpec.builder("-h", "--help")
                        .description("Print this text and exit.")
                        .build());
        general.addArg(
                OptionSpec.builder("-v", "--version")
                        .description("Print the version and exit.")
                        .build());
        spec.addArgGroup(general.order(0).build());
        int groups = 1;
        for (Section section : Section.values()) {
            ArgGroupSpec.Builder group =
                    ArgGroupSpec.builder()
                            .heading("%n" + section.title() + ":%n")
                            .validate(false)
                            .order(groups++);
            int order = 0;
            for (Setting setting : Settings.all()) {
                if (setting.section() == section && !setting.fileOnly()) {
                    group.addArg(option(setting, order++));
                }
            }
            if (order > 0) {
                spec.addArgGroup(group.build());
            }
        }
        return spec;
    }

    private static OptionSpec option(Setting setting, int order) {
        OptionSpec.Builder option =
                OptionSpec.builder(setting.flags().toArray(new String[0]))
                        .order(order)
                        // picocli would take % and $ for its own
                        .description(
                                (setting.help() + shownDefault(setting))
                                        .replace("%", "%%")
                                        .replace("$", "$$"));
        boolean takesValue =
                setting.action() != Action.STORE_TRUE && setting.action() != Action.STORE_FALSE;
        if (takesValue) {
            String metavar =
                    setting.metavar().isEmpty()
                            ? setting.name().toUpperCase(Locale.ROOT)
                            : setting.metavar();
            option.type(String.class)
                    .paramLabel(metavar)
                    .arity(setting.action() == Action.STORE_OPTIONAL ? "0..1" : "1");
        } else {
            option.arity("0");
        }
        return option.build();
    }

    /** {@code [30]}, for defaults that say something and are the same everywhere. */
    private static String shownDefault(Setting setting) {
        if (MACHINE_SPECIFIC.contains(setting.name())) {
            return "";
        }
        return switch (setting.defaultValue().apply(NOWHERE).orElse("")) {
            case Long number -> " [" + number + "]";
            case String text when !text.isEmpty() -> " [" + text + "]";
            case List<?> list when !list.isEmpty() ->
                    list.stream().map(String::valueOf).collect(Collectors.joining(",", " [", "]"));
            default -> "";
        };
    }
}
