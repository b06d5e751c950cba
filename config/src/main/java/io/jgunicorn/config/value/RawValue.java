package io.jgunicorn.config.value;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A value as a configuration source gave it, before any rule was applied. It keeps the distinctions
 * Python makes (True is not 1, a tuple is not a list), because the rules and their messages depend
 * on them. Immutable.
 */
public sealed interface RawValue {

    /** What Python's {@code str()} gives. */
    String str();

    /** What Python's {@code repr()} gives. */
    default String repr() {
        return str();
    }

    /** Python's {@code bool()}. */
    default boolean isTruthy() {
        return true;
    }

    /** The name of the Python type. */
    String typeName();

    /** Python's None. */
    record None() implements RawValue {
        @Override
        public String str() {
            return "None";
        }

        @Override
        public boolean isTruthy() {
            return false;
        }

        @Override
        public String typeName() {
            return "NoneType";
        }
    }

    /** True or False. */
    record Bool(boolean value) implements RawValue {
        @Override
        public String str() {
            return value ? "True" : "False";
        }

        @Override
        public boolean isTruthy() {
            return value;
        }

        @Override
        public String typeName() {
            return "bool";
        }
    }

    /** A whole number; one that does not fit into a long arrives as {@link Other}. */
    record Int(long value) implements RawValue {
        @Override
        public String str() {
            return Long.toString(value);
        }

        @Override
        public boolean isTruthy() {
            return value != 0;
        }

        @Override
        public String typeName() {
            return "int";
        }
    }

    /** A str. */
    record Text(String value) implements RawValue {
        @Override
        public String str() {
            return value;
        }

        @Override
        public String repr() {
            return PyText.repr(value);
        }

        @Override
        public boolean isTruthy() {
            return !value.isEmpty();
        }

        @Override
        public String typeName() {
            return "str";
        }
    }

    /**
     * A list, or another sequence that is iterated like one.
     *
     * @param typeName {@code list} or {@code tuple}
     */
    record Items(List<RawValue> items, String typeName) implements RawValue {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public String str() {
            String inner = items.stream().map(RawValue::repr).collect(Collectors.joining(", "));
            if (!typeName.equals("tuple")) {
                return "[" + inner + "]";
            }
            return "(" + inner + (items.size() == 1 ? ",)" : ")");
        }

        @Override
        public boolean isTruthy() {
            return !items.isEmpty();
        }
    }

    /** A dict, in the order it was written. */
    record Dict(List<Map.Entry<RawValue, RawValue>> entries) implements RawValue {
        public Dict {
            entries = List.copyOf(entries);
        }

        @Override
        public String str() {
            return entries.stream()
                    .map(e -> e.getKey().repr() + ": " + e.getValue().repr())
                    .collect(Collectors.joining(", ", "{", "}"));
        }

        @Override
        public boolean isTruthy() {
            return !entries.isEmpty();
        }

        @Override
        public String typeName() {
            return "dict";
        }
    }

    /**
     * Something that can be called.
     *
     * @param qualifiedName its {@code __qualname__}
     * @param arity number of positional parameters; -1 when its signature is unknown
     */
    record Callable(String qualifiedName, int arity, String str) implements RawValue {
        @Override
        public String typeName() {
            return "function";
        }
    }

    /**
     * A class.
     *
     * @param path {@code module.qualname}
     */
    record ClassObject(String path, int arity, String str) implements RawValue {
        @Override
        public String typeName() {
            return "type";
        }
    }

    /**
     * An import string that leads nowhere, given where an object was wanted.
     *
     * @param reason why, in words for the operator
     */
    record Unresolved(String str, String reason) implements RawValue {
        @Override
        public String typeName() {
            return "str";
        }
    }

    /** Any other object: a float, a module, an instance. */
    record Other(String typeName, String str, String repr) implements RawValue {}

    /** The raw form of a plain Java value: String, Integer, Long, Boolean, List of String. */
    static RawValue of(Object value) {
        return switch (value) {
            case String text -> new Text(text);
            case Integer number -> new Int(number);
            case Long number -> new Int(number);
            case Boolean flag -> new Bool(flag);
            case List<?> list -> new Items(list.stream().map(RawValue::of).toList(), "list");
            case Map<?, ?> map ->
                    new Dict(
                            map.entrySet().stream()
                                    .map(e -> Map.entry(of(e.getKey()), of(e.getValue())))
                                    .toList());
            default -> throw new IllegalArgumentException("no raw form: " + value.getClass());
        };
    }
}
