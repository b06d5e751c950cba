package io.jgunicorn.supervisor;

import io.jgunicorn.config.ConfigFailure;
import io.jgunicorn.config.ConfigLoader;
import io.jgunicorn.config.LoadResult;
import io.jgunicorn.config.LoadedConfig;
import io.jgunicorn.python.ServerControls;
import java.util.List;
import java.util.Map;

/** Reads the configuration that our arguments name, again at each reload. */
record CommandLineSource(
        ConfigLoader loader,
        List<String> arguments,
        Map<String, String> environment,
        MasterLog log,
        ServerControls controls)
        implements ConfigurationSource {
    CommandLineSource {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    @Override
    public Configuration load() throws StartFailure {
        try {
            return switch (loader.load(arguments)) {
                case LoadedConfig loaded -> Configuration.of(loaded, environment, log, controls);
                case LoadResult.Printed(String text) -> throw new StartFailure(1, text);
            };
        } catch (ConfigFailure e) {
            throw new StartFailure(e.exitCode(), e.text().strip());
        }
    }
}
