package io.jgunicorn.tests;

import io.jgunicorn.testkit.Invocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server made of a configuration, in words that can be compared: exit code, what it refused,
 * and the settings it printed.
 *
 * @param refusal the first line of stderr, further lines that begin with Error, and the exception
 *     if Python raised one
 */
record ConfigurationVerdict(int exitCode, List<String> refusal, Map<String, String> settings) {
    private static final Pattern SETTING = Pattern.compile("([a-z][a-z_0-9]{2,}) += (.*)");
    private static final Pattern EXCEPTION =
            Pattern.compile("(?:[a-z_]\\w*\\.)*([A-Z]\\w*(?:Error|Exception)(?:: .*)?)");

    static ConfigurationVerdict of(Invocation invocation) {
        List<String> errors = new ArrayList<>();
        for (String line : invocation.errors()) {
            String text = tidy(line, invocation).strip();
            if (!text.isEmpty() && !text.startsWith("usage:") && !text.startsWith("!!!")) {
                errors.add(text);
            }
        }
        return new ConfigurationVerdict(
                invocation.exitCode(),
                invocation.exitCode() == 0 ? List.of() : refusal(errors),
                settings(invocation));
    }

    /** Without what differs in any case: the name of the program, its folder, addresses. */
    private static String tidy(String line, Invocation invocation) {
        return line.replace(invocation.directory(), "DIR")
                .replace("jgunicorn", "gunicorn")
                .replaceAll("\\b0x[0-9a-f]{6,}", "0x")
                .replaceAll("\\(version .*\\)", "(version)");
    }

    private static List<String> refusal(List<String> errors) {
        List<String> kept = new ArrayList<>(errors.subList(0, Math.min(1, errors.size())));
        kept.remove("Traceback (most recent call last):");
        errors.stream().skip(1).filter(line -> line.startsWith("Error: ")).forEach(kept::add);
        errors.reversed().stream()
                .map(EXCEPTION::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(matcher -> matcher.group(1).replaceFirst("^AppImportError: ", ""))
                .or(() -> Optional.of(errors.isEmpty() ? "" : errors.getLast()))
                .filter(line -> !line.startsWith("(") && !kept.contains(line))
                .ifPresent(kept::add);
        return kept;
    }

    /** Those printed, without the comments that say where they come from. */
    private static Map<String, String> settings(Invocation invocation) {
        Map<String, String> settings = new LinkedHashMap<>();
        String last = "";
        for (String line : invocation.output()) {
            Matcher matcher = SETTING.matcher(line);
            if (matcher.matches()) {
                last = matcher.group(1);
                settings.put(last, tidy(matcher.group(2), invocation));
            } else if (!last.isEmpty() && !line.startsWith("# worker command: ")) {
                settings.merge(last, tidy(line, invocation), (a, b) -> a + "\n" + b);
            }
        }
        settings.replaceAll((_, value) -> value.replaceAll("  # \\S[^\n]*$", ""));
        return settings;
    }

    /** What this one says otherwise than another; only settings that both know are compared. */
    List<String> beside(ConfigurationVerdict other) {
        List<String> lines = new ArrayList<>();
        if (exitCode != other.exitCode) {
            lines.add("exit " + exitCode);
        }
        refusal.stream().filter(line -> !other.refusal.contains(line)).forEach(lines::add);
        settings.forEach(
                (name, value) -> {
                    if (other.settings.containsKey(name)
                            && !value.equals(other.settings.get(name))) {
                        lines.add(name + " = " + value);
                    }
                });
        if (!settings.isEmpty() && other.settings.isEmpty()) {
            lines.add("settings are printed");
        }
        return lines;
    }
}
