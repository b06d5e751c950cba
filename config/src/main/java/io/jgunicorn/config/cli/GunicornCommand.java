package io.jgunicorn.config.cli;

import io.jgunicorn.config.OptionParser;
import io.jgunicorn.config.Settings;
import io.jgunicorn.config.value.PyInt;
import java.util.List;
import java.util.Map;

/**
 * The {@code jgunicorn} command: parses its arguments. No library has a mode for argparse's rules
 * (unique prefixes of long options, values such as {@code -1}, the wording of errors), so {@link
 * ArgumentRun} applies those.
 */
public final class GunicornCommand implements OptionParser {
    private static final long USUAL_COLUMNS = 80;
    private static final long LEAST_COLUMNS = 40;

    private final OptionTable table = new OptionTable(Settings.all());
    private final String version;
    private final int columns;

    /**
     * @param version what {@code --version} names
     * @param environment its variable {@code COLUMNS} is the width of the help: 80 if it is absent
     *     or no number, at least 40
     */
    public GunicornCommand(String version, Map<String, String> environment) {
        this.version = version;
        long asked =
                PyInt.decimal(environment.getOrDefault("COLUMNS", ""))
                        .filter(number -> number > 0)
                        .orElse(USUAL_COLUMNS);
        this.columns = Math.clamp(asked, (int) LEAST_COLUMNS, Integer.MAX_VALUE);
    }

    @Override
    public Parsed parse(List<String> arguments) {
        return new ArgumentRun(table, arguments, version, columns).parse();
    }
}
