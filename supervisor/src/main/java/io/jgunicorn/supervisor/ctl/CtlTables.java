package io.jgunicorn.supervisor.ctl;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Answers for a terminal: a line for each value, a table for each list of objects. Stateless. */
final class CtlTables {
    private CtlTables() {}

    static String shown(JsonElement data) {
        StringBuilder text = new StringBuilder();
        if (data instanceof JsonObject object) {
            write(object, "", text);
        } else {
            text.append(plain(data)).append('\n');
        }
        return text.toString();
    }

    private static void write(JsonObject object, String indent, StringBuilder text) {
        int width = object.keySet().stream().mapToInt(String::length).max().orElse(0);
        for (Map.Entry<String, JsonElement> member : object.entrySet()) {
            JsonElement value = member.getValue();
            if (value instanceof JsonArray rows && isTable(rows)) {
                text.append(indent).append(member.getKey()).append(":\n");
                writeTable(rows, indent + "  ", text);
            } else if (value instanceof JsonObject inner) {
                text.append(indent).append(member.getKey()).append(":\n");
                write(inner, indent + "  ", text);
            } else {
                text.append(indent)
                        .append(padded(member.getKey() + ":", width + 1))
                        .append(' ')
                        .append(plain(value))
                        .append('\n');
            }
        }
    }

    private static boolean isTable(JsonArray rows) {
        return !rows.isEmpty() && rows.asList().stream().allMatch(JsonElement::isJsonObject);
    }

    private static void writeTable(JsonArray rows, String indent, StringBuilder text) {
        Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> columns.addAll(row.getAsJsonObject().keySet()));
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream().map(name -> name.replace('_', ' ')).toList());
        for (JsonElement row : rows) {
            lines.add(
                    columns.stream().map(name -> plain(row.getAsJsonObject().get(name))).toList());
        }
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int column = i;
            widths.add(lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0));
        }
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder(indent);
            for (int i = 0; i < line.size(); i++) {
                row.append(padded(line.get(i), widths.get(i))).append("  ");
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
    }

    private static String plain(JsonElement value) {
        return switch (value) {
            case null -> "";
            case JsonNull _ -> "-";
            case JsonArray array ->
                    array.asList().stream().map(CtlTables::plain).collect(Collectors.joining(", "));
            case JsonElement other when other.isJsonPrimitive() -> other.getAsString();
            default -> value.toString();
        };
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
