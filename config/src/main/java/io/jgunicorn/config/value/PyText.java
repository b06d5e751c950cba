package io.jgunicorn.config.value;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes values the way Python's {@code str()} and {@code repr()} do. */
public final class PyText {
    private PyText() {}

    /** Python's {@code repr} of a str. */
    public static String repr(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder(text.length() + 2).append(quote);
        text.codePoints().forEach(c -> appendEscaped(out, c, quote));
        return out.append(quote).toString();
    }

    /**
     * Python's {@code str} of a setting's value: a String, Long, Boolean, List of String, Map or
     * null (None).
     */
    public static String str(Object value) {
        return value instanceof String text ? text : reprOf(value);
    }

    /** Python's {@code repr} of a setting's value: an expression that gives the value again. */
    public static String reprOf(Object value) {
        return switch (value) {
            case null -> "None";
            case String text -> repr(text);
            case Boolean flag -> flag ? "True" : "False";
            case List<?> list ->
                    list.stream().map(PyText::reprOf).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .map(e -> reprOf(e.getKey()) + ": " + reprOf(e.getValue()))
                            .collect(Collectors.joining(", ", "{", "}"));
            default -> value.toString();
        };
    }

    private static void appendEscaped(StringBuilder out, int c, char quote) {
        switch (c) {
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c == quote) {
                    out.append('\\').append(quote);
                } else if (isPrintable(c)) {
                    out.appendCodePoint(c);
                } else if (c <= 0xff) {
                    out.append(String.format("\\x%02x", c));
                } else if (c <= 0xffff) {
                    out.append(String.format("\\u%04x", c));
                } else {
                    out.append(String.format("\\U%08x", c));
                }
            }
        }
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
