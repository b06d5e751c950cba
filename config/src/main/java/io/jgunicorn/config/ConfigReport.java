package io.jgunicorn.config;

import io.jgunicorn.config.value.PyText;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The effective configuration as text: what {@code --print-config} prints. */
public final class ConfigReport {
    private ConfigReport() {}

    /**
     * One {@code name = value} line per setting, sorted by name and aligned, with where the value
     * came from as a comment behind it; without a last line end.
     */
    public static String of(LoadedConfig loaded) {
        Map<String, Object> all = new TreeMap<>(loaded.settings());
        all.putAll(loaded.hooks());
        return of(all, loaded.origins());
    }

    static String of(Map<String, Object> all, Map<String, Origin> origins) {
        int width = all.keySet().stream().mapToInt(String::length).max().orElse(0);
        return all.entrySet().stream()
                .map(
                        entry ->
                                entry.getKey()
                                        + " ".repeat(width - entry.getKey().length())
                                        + " = "
                                        + PyText.str(entry.getValue())
                                        + "  # "
                                        + origins.get(entry.getKey()).label())
                .collect(Collectors.joining("\n"));
    }
}
