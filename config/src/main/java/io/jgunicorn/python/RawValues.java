package io.jgunicorn.python;

import io.jgunicorn.config.value.RawValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.graalvm.polyglot.Value;

/** Reads the tagged tuples by which {@code config_file.py} describes values. */
final class RawValues {
    private RawValues() {}

    static RawValue read(Value tagged) {
        String tag = text(tagged, 0);
        return switch (tag) {
            case "none" -> new RawValue.None();
            case "bool" -> new RawValue.Bool(tagged.getArrayElement(1).asBoolean());
            case "int" -> new RawValue.Int(tagged.getArrayElement(1).asLong());
            case "str" -> new RawValue.Text(text(tagged, 1));
            case "items" -> new RawValue.Items(items(tagged.getArrayElement(2)), text(tagged, 1));
            case "dict" -> new RawValue.Dict(entries(tagged.getArrayElement(1)));
            case "function" ->
                    new RawValue.Callable(
                            text(tagged, 1), tagged.getArrayElement(2).asInt(), text(tagged, 3));
            case "class" ->
                    new RawValue.ClassObject(
                            text(tagged, 1), tagged.getArrayElement(2).asInt(), text(tagged, 3));
            case "unresolved" -> new RawValue.Unresolved(text(tagged, 1), text(tagged, 2));
            case "other" -> new RawValue.Other(text(tagged, 1), text(tagged, 2), text(tagged, 3));
            default -> throw new IllegalStateException("unknown tag " + tag);
        };
    }

    private static String text(Value tagged, int index) {
        return tagged.getArrayElement(index).asString();
    }

    private static List<RawValue> items(Value list) {
        List<RawValue> items = new ArrayList<>();
        for (long i = 0; i < list.getArraySize(); i++) {
            items.add(read(list.getArrayElement(i)));
        }
        return items;
    }

    private static List<Map.Entry<RawValue, RawValue>> entries(Value pairs) {
        List<Map.Entry<RawValue, RawValue>> entries = new ArrayList<>();
        for (long i = 0; i < pairs.getArraySize(); i++) {
            Value pair = pairs.getArrayElement(i);
            entries.add(Map.entry(read(pair.getArrayElement(0)), read(pair.getArrayElement(1))));
        }
        return entries;
    }
}
