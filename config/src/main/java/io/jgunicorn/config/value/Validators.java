package io.jgunicorn.config.value;

import io.jgunicorn.config.value.RawValue.Bool;
import io.jgunicorn.config.value.RawValue.Dict;
import io.jgunicorn.config.value.RawValue.Int;
import io.jgunicorn.config.value.RawValue.Items;
import io.jgunicorn.config.value.RawValue.None;
import io.jgunicorn.config.value.RawValue.Other;
import io.jgunicorn.config.value.RawValue.Text;
import io.jgunicorn.config.value.RawValue.Unresolved;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The general rules: text, number, truth value, list, dict. Their messages are gunicorn's. */
public final class Validators {
    private Validators() {}

    /** A str, trimmed, or None. */
    public static Optional<Object> text(RawValue value, Surroundings surroundings) {
        return string(value).map(text -> text);
    }

    /** True, False, the words true and false, or None. */
    public static Optional<Object> bool(RawValue value, Surroundings surroundings) {
        return switch (value) {
            case None() -> Optional.empty();
            case Bool(boolean flag) -> Optional.of(flag);
            case Text(String text) ->
                    switch (text.strip().toLowerCase(Locale.ROOT)) {
                        case "true" -> Optional.of(true);
                        case "false" -> Optional.of(false);
                        default -> throw new InvalidValueException("Invalid boolean: " + text);
                    };
            default -> throw new InvalidValueException("Invalid type for casting: " + value.str());
        };
    }

    /** A whole number from 0 that fits into 31 bits, or a str holding one in any base. */
    public static Optional<Object> positiveInt(RawValue value, Surroundings surroundings) {
        long number = integer(value);
        if (number < 0) {
            throw new InvalidValueException("Value must be positive: " + number);
        }
        if (number > Integer.MAX_VALUE) {
            throw new ValueTooLargeException(Long.toString(number));
        }
        return Optional.of(number);
    }

    /** A list of str, each trimmed; one str stands for a list of one. */
    public static Optional<Object> textList(RawValue value, Surroundings surroundings) {
        return Optional.of(strings(value));
    }

    /** A str of items separated by commas. */
    public static Optional<Object> commaSeparated(RawValue value, Surroundings surroundings) {
        return Optional.of(splitOnCommas(value));
    }

    /** A dict whose keys and values are written down as text. */
    public static Optional<Object> dict(RawValue value, Surroundings surroundings) {
        if (!(value instanceof Dict(var entries))) {
            throw new InvalidValueException("Value is not a dictionary: " + value.str());
        }
        Map<String, String> map = new LinkedHashMap<>();
        entries.forEach(entry -> map.put(entry.getKey().str(), entry.getValue().str()));
        return Optional.of(map);
    }

    /** One of a few words, exactly as written. */
    public static Validator oneOf(String what, String... words) {
        return (value, _) -> {
            Optional<String> text = string(value);
            if (text.isEmpty() || !Arrays.asList(words).contains(text.get())) {
                throw new InvalidValueException("Invalid " + what + ": " + value.repr());
            }
            return Optional.of(text.get());
        };
    }

    /**
     * One of a few words in any case and trimmed; None stands for the first.
     *
     * @param refusal what to say of another word
     */
    public static Validator word(UnaryOperator<String> refusal, String... words) {
        return (value, _) -> {
            if (value instanceof None) {
                return Optional.of(words[0]);
            }
            if (!(value instanceof Text(String text))) {
                throw new InvalidValueException("Invalid type for casting: " + value.str());
            }
            String word = text.strip().toLowerCase(Locale.ROOT);
            if (!Arrays.asList(words).contains(word)) {
                throw new InvalidValueException(refusal.apply(word));
            }
            return Optional.of(word);
        };
    }

    static Optional<String> string(RawValue value) {
        return switch (value) {
            case None() -> Optional.empty();
            case Text(String text) -> Optional.of(text.strip());
            case Unresolved(String text, String _) -> Optional.of(text.strip());
            default -> throw new InvalidValueException("Not a string: " + value.str());
        };
    }

    static List<String> strings(RawValue value) {
        if (!value.isTruthy()) {
            return List.of();
        }
        return switch (value) {
            case Text(String text) -> List.of(text.strip());
            case Items(List<RawValue> items, String _) ->
                    items.stream().map(Validators::item).toList();
            case Dict(var entries) -> entries.stream().map(e -> item(e.getKey())).toList();
            default ->
                    throw new InvalidValueException(
                            "'" + value.typeName() + "' object is not iterable");
        };
    }

    static List<String> splitOnCommas(RawValue value) {
        List<String> items = new ArrayList<>();
        for (String item : string(value).orElse("").split(",", -1)) {
            if (!item.isEmpty()) {
                items.add(item.strip());
            }
        }
        return items;
    }

    private static String item(RawValue value) {
        return string(value).orElseThrow(() -> new InvalidValueException("Not a string: None"));
    }

    static long integer(RawValue value) {
        return switch (value) {
            case Int(long number) -> number;
            case Bool(boolean flag) -> flag ? 1 : 0;
            case Text(String text) ->
                    PyInt.anyBase(text)
                            .orElseThrow(
                                    () ->
                                            new InvalidValueException(
                                                    "invalid literal for int() with base 0: "
                                                            + PyText.repr(text)));
            case Other(String type, String str, String _) when type.equals("int") ->
                    throw new ValueTooLargeException(str);
            default ->
                    throw new InvalidValueException(
                            "int() can't convert non-string with explicit base");
        };
    }
}
