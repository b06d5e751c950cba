package io.jgunicorn.config.cli;

import io.jgunicorn.config.ConfigFailure;
import io.jgunicorn.config.Setting;
import io.jgunicorn.config.value.PyText;
import java.util.List;

/** Errors in the command line, worded as argparse words them; exit code 2. */
final class UsageErrors {
    static final String USAGE = "usage: jgunicorn [OPTIONS] [APP_MODULE]\n";

    private UsageErrors() {}

    static ConfigFailure ambiguous(String argument, List<String> candidates) {
        return error(
                "ambiguous option: " + argument + " could match " + String.join(", ", candidates));
    }

    static ConfigFailure unrecognized(List<String> arguments) {
        return error("unrecognized arguments: " + String.join(" ", arguments));
    }

    static ConfigFailure missingValue(Setting setting) {
        return of(setting.flags(), "expected one argument");
    }

    static ConfigFailure invalidValue(Setting setting, String value) {
        return of(
                setting.flags(),
                "invalid " + setting.cliType().pythonName() + " value: " + PyText.repr(value));
    }

    static ConfigFailure unwantedValue(List<String> flags, String value) {
        return of(flags, "ignored explicit argument " + PyText.repr(value));
    }

    private static ConfigFailure of(List<String> flags, String message) {
        return error("argument " + String.join("/", flags) + ": " + message);
    }

    private static ConfigFailure error(String message) {
        return new ConfigFailure(2, USAGE + "jgunicorn: error: " + message + "\n");
    }
}
