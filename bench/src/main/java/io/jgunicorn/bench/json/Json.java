package io.jgunicorn.bench.json;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes JSON, indented; lists of plain values stay on one line. */
public final class Json {
    private static final String INDENT = "  ";

    private Json() {}

    /**
     * Writes one value.
     *
     * @param value a map with string keys, a list, a string, a number, a boolean or null
     * @throws IllegalArgumentException for anything else, and for numbers JSON does not know
     */
    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, "", out);
        return out.append('\n').toString();
    }

    private static void write(Object value, String indent, StringBuilder out) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> writeMap(map, indent, out);
            case List<?> list -> writeList(list, indent, out);
            case CharSequence text -> writeString(text, out);
            case Boolean flag -> out.append(flag);
            case Integer number -> out.append(number);
            case Long number -> out.append(number);
            case Double number -> out.append(format(number));
            default ->
                    throw new IllegalArgumentException("not JSON: " + value.getClass().getName());
        }
    }

    private static void writeMap(Map<?, ?> map, String indent, StringBuilder out) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        String inner = indent + INDENT;
        String separator = "{\n";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator).append(inner);
            writeString((String) entry.getKey(), out);
            out.append(": ");
            write(entry.getValue(), inner, out);
            separator = ",\n";
        }
        out.append('\n').append(indent).append('}');
    }

    private static void writeList(List<?> list, String indent, StringBuilder out) {
        boolean plain = list.stream().noneMatch(e -> e instanceof Map || e instanceof List);
        String inner = plain ? "" : "\n" + indent + INDENT;
        out.append('[');
        String separator = "";
        for (Object element : list) {
            out.append(separator).append(inner);
            write(element, indent + INDENT, out);
            separator = plain ? ", " : ",";
        }
        if (!plain) {
            out.append('\n').append(indent);
        }
        out.append(']');
    }

    private static void writeString(CharSequence text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                default -> {
                    if (c < ' ') {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** At most four decimals: nothing here is measured more exactly. */
    private static String format(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("not a JSON number: " + number);
        }
        BigDecimal rounded = BigDecimal.valueOf(number).setScale(4, RoundingMode.HALF_EVEN);
        return rounded.stripTrailingZeros().toPlainString();
    }
}
