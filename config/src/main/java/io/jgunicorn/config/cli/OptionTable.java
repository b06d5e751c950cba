package io.jgunicorn.config.cli;

import io.jgunicorn.config.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds options by what was typed. Immutable. */
final class OptionTable {
    /** What an option string leads to. */
    sealed interface Target {}

    /** {@code -h} or {@code --help}. */
    record Help() implements Target {}

    /** {@code -v} or {@code --version}. */
    record Version() implements Target {}

    /** An option that gives a setting its value. */
    record Value(Setting setting) implements Target {}

    /**
     * What an argument that is an option stands for.
     *
     * @param target empty if there is no such option
     * @param option its full spelling
     * @param attached a value given in the same argument
     */
    record Match(Optional<Target> target, String option, Optional<String> attached) {}

    private final Map<String, Target> byOption = new LinkedHashMap<>();

    OptionTable(List<Setting> settings) {
        byOption.put("-h", new Help());
        byOption.put("--help", new Help());
        byOption.put("-v", new Version());
        byOption.put("--version", new Version());
        for (Setting setting : settings) {
            setting.flags().forEach(flag -> byOption.put(flag, new Value(setting)));
        }
    }

    /** The option of exactly this spelling. */
    Optional<Target> exact(String option) {
        return Optional.ofNullable(byOption.get(option));
    }

    /** What an argument stands for; empty if it is a positional one. */
    Optional<Match> classify(String argument) {
        if (!argument.startsWith("-")) {
            return Optional.empty();
        }
        if (byOption.containsKey(argument)) {
            return match(argument, Optional.empty());
        }
        if (argument.length() == 1) {
            return Optional.empty();
        }
        int equals = argument.indexOf('=');
        if (equals >= 0 && byOption.containsKey(argument.substring(0, equals))) {
            return match(
                    argument.substring(0, equals), Optional.of(argument.substring(equals + 1)));
        }
        List<Match> matches = abbreviated(argument);
        if (matches.size() > 1) {
            throw UsageErrors.ambiguous(argument, matches.stream().map(Match::option).toList());
        }
        if (matches.size() == 1) {
            return Optional.of(matches.getFirst());
        }
        if (argument.matches("-[0-9]+|-[0-9]*\\.[0-9]+") || argument.indexOf(' ') >= 0) {
            return Optional.empty();
        }
        return Optional.of(new Match(Optional.empty(), argument, Optional.empty()));
    }

    private Optional<Match> match(String option, Optional<String> attached) {
        return Optional.of(new Match(exact(option), option, attached));
    }

    private static boolean isOurs(Match match) {
        return match.target().orElse(null) instanceof Value(Setting setting) && setting.ours();
    }

    private List<Match> abbreviated(String argument) {
        List<Match> matches = new ArrayList<>();
        if (argument.startsWith("--")) {
            int equals = argument.indexOf('=');
            String prefix = equals < 0 ? argument : argument.substring(0, equals);
            Optional<String> attached =
                    equals < 0 ? Optional.empty() : Optional.of(argument.substring(equals + 1));
            for (String option : byOption.keySet()) {
                if (option.startsWith(prefix)) {
                    match(option, attached).ifPresent(matches::add);
                }
            }
            if (!matches.stream().allMatch(OptionTable::isOurs)) {
                matches.removeIf(OptionTable::isOurs); // what worked with gunicorn goes on working
            }
        } else if (byOption.containsKey(argument.substring(0, 2))) {
            match(argument.substring(0, 2), Optional.of(argument.substring(2)))
                    .ifPresent(matches::add);
        }
        return matches;
    }
}
