package io.jgunicorn.tests;

import io.jgunicorn.testkit.Launch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** One configuration of {@code configurations.txt}, whose head says how it is written. */
final class ConfigurationCase {
    private static final String APPLICATION =
            """
            def app(environ, start_response):
                start_response("200 OK", [])
                return []
            application = app
            """;

    private static final Pattern WORD = Pattern.compile("'([^']*)'|\\S+");

    private final String name;
    private final Map<String, StringBuilder> files = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private List<String> arguments = List.of("--print-config", "app:app");
    private boolean rare;

    private ConfigurationCase(String name) {
        this.name = name;
    }

    static List<ConfigurationCase> all() {
        List<ConfigurationCase> cases = new ArrayList<>();
        StringBuilder file = new StringBuilder();
        for (String line : lines()) {
            int blank = line.indexOf(' ');
            String word = blank < 0 ? line : line.substring(0, blank);
            String rest = blank < 0 ? "" : line.substring(blank + 1);
            switch (word) {
                case "", "#" -> {}
                case "==" -> cases.add(new ConfigurationCase(rest));
                case "file" -> file = cases.getLast().file(rest);
                case "|" -> file.append(rest).append('\n');
                case "env" -> cases.getLast().variable(rest);
                case "args" -> cases.getLast().arguments = words(rest);
                case "rare" -> cases.getLast().rare = true;
                default -> throw new IllegalStateException("configurations.txt: " + line);
            }
        }
        return cases;
    }

    private static List<String> lines() {
        try (InputStream in = ConfigurationCase.class.getResourceAsStream("/configurations.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> words(String text) {
        return WORD.matcher(text)
                .results()
                .map(word -> word.group(1) == null ? word.group() : word.group(1))
                .toList();
    }

    private StringBuilder file(String path) {
        return files.computeIfAbsent(path, _ -> new StringBuilder());
    }

    private void variable(String text) {
        String[] parts = text.split("=", 2);
        environment.put(parts[0], parts[1]);
    }

    String name() {
        return name;
    }

    /** Much like another one: left out unless all are wanted. */
    boolean rare() {
        return rare;
    }

    Launch launch() {
        Launch launch =
                Launch.withoutApp()
                        .unbound()
                        .file("app.py", APPLICATION)
                        .args(arguments.toArray(String[]::new));
        files.forEach((path, text) -> launch.file(path, text.toString()));
        environment.forEach(launch::env);
        return launch;
    }
}
