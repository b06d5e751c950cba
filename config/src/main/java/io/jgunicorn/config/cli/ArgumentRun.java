package io.jgunicorn.config.cli;

import io.jgunicorn.config.OptionParser.Options;
import io.jgunicorn.config.OptionParser.Parsed;
import io.jgunicorn.config.OptionParser.Printed;
import io.jgunicorn.config.Setting;
import io.jgunicorn.config.Setting.Action;
import io.jgunicorn.config.cli.OptionTable.Help;
import io.jgunicorn.config.cli.OptionTable.Match;
import io.jgunicorn.config.cli.OptionTable.Target;
import io.jgunicorn.config.cli.OptionTable.Value;
import io.jgunicorn.config.cli.OptionTable.Version;
import io.jgunicorn.config.value.PyInt;
import io.jgunicorn.config.value.RawValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One pass over a command line by argparse's rules: options are told apart first, positional
 * arguments are taken from the first unbroken run of them, what is left over is an error. Used
 * once, by one thread.
 */
final class ArgumentRun {
    private final OptionTable table;
    private final List<String> arguments = new ArrayList<>();

    /** For each argument the option it is, or empty. */
    private final List<Optional<Match>> matches = new ArrayList<>();

    /** Where {@code --} stood: no option takes a value from behind it. */
    private int firstAfterDashes = -1;

    private final String version;
    private final int columns;
    private final Map<String, RawValue> values = new LinkedHashMap<>();
    private final Map<String, List<RawValue>> lists = new LinkedHashMap<>();
    private final List<String> extras = new ArrayList<>();
    private Optional<String> application = Optional.empty();
    private boolean positionalsTaken;
    private Optional<Printed> printed = Optional.empty();

    ArgumentRun(OptionTable table, List<String> given, String version, int columns) {
        this.table = table;
        this.version = version;
        this.columns = columns;
        boolean onlyPositional = false;
        for (String argument : given) {
            if (!onlyPositional && argument.equals("--")) {
                onlyPositional = true;
                firstAfterDashes = arguments.size();
            } else {
                arguments.add(argument);
                matches.add(onlyPositional ? Optional.empty() : table.classify(argument));
            }
        }
    }

    Parsed parse() {
        int at = 0;
        while (at < arguments.size() && printed.isEmpty()) {
            at = matches.get(at).isPresent() ? option(at) : positionals(at);
        }
        if (printed.isPresent()) {
            return printed.get();
        }
        if (!extras.isEmpty()) {
            throw UsageErrors.unrecognized(extras);
        }
        lists.forEach((name, items) -> values.put(name, new RawValue.Items(items, "list")));
        return new Options(values, application);
    }

    private int positionals(int from) {
        int end = from;
        while (end < arguments.size() && matches.get(end).isEmpty()) {
            end++;
        }
        if (positionalsTaken) {
            extras.addAll(arguments.subList(from, end));
        } else {
            application = Optional.of(arguments.get(from));
            positionalsTaken = true;
        }
        return end;
    }

    private int option(int at) {
        Match match = matches.get(at).orElseThrow();
        if (match.target().isEmpty()) {
            extras.add(arguments.get(at));
            return at + 1;
        }
        Target target = match.target().get();
        String option = match.option();
        Optional<String> attached = match.attached();
        // -DRw3: options without a value may share one dash with the next.
        while (attached.isPresent() && !takesValue(target)) {
            String rest = attached.get();
            Optional<Target> next =
                    option.startsWith("--") || rest.isEmpty()
                            ? Optional.empty()
                            : table.exact("-" + rest.charAt(0));
            if (next.isEmpty()) {
                throw UsageErrors.unwantedValue(flags(target), rest);
            }
            run(target);
            option = "-" + rest.charAt(0);
            target = next.get();
            attached = rest.length() > 1 ? Optional.of(rest.substring(1)) : Optional.empty();
        }
        if (target instanceof Value(Setting setting) && takesValue(target)) {
            if (attached.isPresent()) {
                store(setting, attached.get());
                return at + 1;
            }
            boolean follows =
                    at + 1 < arguments.size()
                            && matches.get(at + 1).isEmpty()
                            && at + 1 != firstAfterDashes;
            if (follows) {
                store(setting, arguments.get(at + 1));
                return at + 2;
            }
            if (setting.action() != Action.STORE_OPTIONAL) {
                throw UsageErrors.missingValue(setting);
            }
            values.put(setting.name(), new RawValue.Text("auto"));
            return at + 1;
        }
        run(target);
        return at + 1;
    }

    private void run(Target target) {
        if (printed.isPresent()) {
            return;
        }
        switch (target) {
            case Help() -> printed = Optional.of(new Printed(HelpText.text(columns)));
            case Version() ->
                    printed = Optional.of(new Printed("jgunicorn (version " + version + ")\n"));
            case Value(Setting setting) ->
                    values.put(
                            setting.name(),
                            new RawValue.Bool(setting.action() == Action.STORE_TRUE));
        }
    }

    private void store(Setting setting, String text) {
        RawValue value =
                switch (setting.cliType()) {
                    case TEXT -> new RawValue.Text(text);
                    case INT -> number(setting, text, PyInt.decimal(text));
                    case FILE_MODE -> number(setting, text, PyInt.fileMode(text));
                };
        if (setting.action() == Action.APPEND) {
            lists.computeIfAbsent(setting.name(), _ -> new ArrayList<>()).add(value);
        } else {
            values.put(setting.name(), value);
        }
    }

    private static RawValue number(Setting setting, String text, Optional<Long> number) {
        return new RawValue.Int(number.orElseThrow(() -> UsageErrors.invalidValue(setting, text)));
    }

    private static boolean takesValue(Target target) {
        return target instanceof Value(Setting setting)
                && setting.action() != Action.STORE_TRUE
                && setting.action() != Action.STORE_FALSE;
    }

    private static List<String> flags(Target target) {
        return switch (target) {
            case Help() -> List.of("-h", "--help");
            case Version() -> List.of("-v", "--version");
            case Value(Setting setting) -> setting.flags();
        };
    }
}
