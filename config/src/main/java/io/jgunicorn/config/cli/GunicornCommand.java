package io.jgunicorn.config.cli;

import io.jgunicorn.config.OptionParser;
import io.jgunicorn.config.Settings;
import java.util.List;

/**
 * The {@code jgunicorn} command: parses its arguments.
 *
 * <p>picocli has no mode for argparse's rules (unique prefixes of long options, values such as
 * {@code -1}, the wording of errors), so {@link ArgumentRun} applies those and picocli lays out the
 * help.
 */
public final class GunicornCommand implements OptionParser {
    private final OptionTable table = new OptionTable(Settings.all());
    private final String version;

    /**
     * @param version what {@code --version} names
     */
    public GunicornCommand(String version) {
        this.version = version;
    }

    @Override
    public Parsed parse(List<String> arguments) {
        return new ArgumentRun(table, arguments, version).parse();
    }
}
