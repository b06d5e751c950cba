package io.jgunicorn.config.value;

import io.jgunicorn.config.value.RawValue.Bool;
import io.jgunicorn.config.value.RawValue.Callable;
import io.jgunicorn.config.value.RawValue.ClassObject;
import io.jgunicorn.config.value.RawValue.Int;
import io.jgunicorn.config.value.RawValue.None;
import io.jgunicorn.config.value.RawValue.Text;
import io.jgunicorn.config.value.RawValue.Unresolved;
import io.jgunicorn.os.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Rules that belong to one or two settings. */
public final class SpecialValidators {
    private static final Set<String> HTTP_VERSIONS = Set.of("h1", "h2");

    private static final Validator CLEARTEXT_HTTP2 =
            Validators.word(
                    word -> "Invalid http2_cleartext: " + word,
                    "off",
                    "prior-knowledge",
                    "upgrade",
                    "both");

    private static final Validator HTTP_PARSER =
            Validators.word(
                    _ -> "http_parser must be one of: auto, fast, python",
                    "auto",
                    "fast",
                    "python");

    private static final int SMALLEST_FRAME = 16384;
    private static final int LARGEST_FRAME = 16777215;

    private SpecialValidators() {}

    /** An existing folder, kept as an absolute path; relative ones start at the start directory. */
    public static Optional<Object> directory(RawValue value, Surroundings around) {
        String text = Validators.string(value).orElse("");
        Path path = around.startDirectory().resolve(text).normalize();
        if (!Files.isDirectory(path)) {
            throw new InvalidValueException("can't chdir to " + PyText.repr(text));
        }
        return Optional.of(path.toString());
    }

    /** Files that exist, or patterns with {@code * ? [}, which may match nothing yet. */
    public static Optional<Object> watchedFiles(RawValue value, Surroundings around) {
        List<String> files = Validators.strings(value);
        for (String file : files) {
            boolean isPattern = file.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
            if (!isPattern && !Files.exists(around.startDirectory().resolve(file))) {
                throw new InvalidValueException("File " + file + " does not exists.");
            }
        }
        return Optional.of(files);
    }

    /** Addresses and networks separated by commas, or {@code *}. */
    public static Optional<Object> networks(RawValue value, Surroundings around) {
        List<String> items = Validators.splitOnCommas(value);
        for (String item : items) {
            if (!item.equals("*")) {
                IpNetworks.check(item);
            }
        }
        return Optional.of(items);
    }

    /** A class by name or as an object; an object is kept as {@code module.qualname}. */
    public static Optional<Object> className(RawValue value, Surroundings around) {
        return switch (value) {
            case ClassObject(String path, int _, String _) -> Optional.of(path);
            default -> Validators.string(value).map(text -> text);
        };
    }

    /** A callable with one of the given numbers of positional parameters. */
    public static Validator hook(int... arities) {
        return (value, _) ->
                Optional.of(
                        switch (value) {
                            case Callable(String name, int arity, String _) ->
                                    hookOf(name, arity, arities);
                            case ClassObject(String path, int arity, String _) ->
                                    hookOf(path, arity, arities);
                            case Unresolved(String _, String reason) ->
                                    throw new InvalidValueException(reason);
                            default ->
                                    throw new InvalidValueException(
                                            "Value is not callable: " + value.str());
                        });
    }

    private static HookRef hookOf(String name, int arity, int... allowed) {
        for (int one : allowed) {
            if (one == arity) {
                return new HookRef(name, arity, true);
            }
        }
        throw new InvalidValueException("Value must have an arity of: " + allowed[0]);
    }

    /** A user: a number, digits or a name; None means the current one. */
    public static Optional<Object> user(RawValue value, Surroundings around) {
        return account(value, around.euid(), Path.of("/etc/passwd"), "user");
    }

    /** A group: a number, digits or a name; None means the current one. */
    public static Optional<Object> group(RawValue value, Surroundings around) {
        return account(value, around.egid(), Path.of("/etc/group"), "group");
    }

    private static Optional<Object> account(RawValue value, long current, Path file, String what) {
        long id =
                switch (value) {
                    case None() -> current;
                    case Int(long number) -> number;
                    case Bool(boolean flag) -> flag ? 1 : 0;
                    case Text(String name) when name.matches("[0-9]{1,10}") -> Long.parseLong(name);
                    case Text(String name) ->
                            Accounts.id(file, name)
                                    .orElseThrow(
                                            () ->
                                                    new InvalidValueException(
                                                            "No such "
                                                                    + what
                                                                    + ": '"
                                                                    + name
                                                                    + "'"));
                    default -> throw new InvalidValueException("Not a string: " + value.str());
                };
        if (id < 0 || id > Identity.HIGHEST) {
            throw new InvalidValueException(
                    what + " = " + id + " cannot be used: ids are 0 to " + Identity.HIGHEST + ".");
        }
        return Optional.of(id);
    }

    /** {@code drop}, {@code refuse} or {@code dangerous} in any case, or None. */
    public static Optional<Object> headerMap(RawValue value, Surroundings around) {
        return switch (value) {
            case None() -> Optional.empty();
            case Text(String text) ->
                    switch (text.strip().toLowerCase(Locale.ROOT)) {
                        case "drop", "refuse", "dangerous" ->
                                Optional.of(text.strip().toLowerCase(Locale.ROOT));
                        default ->
                                throw new InvalidValueException(
                                        "Invalid header map behaviour: " + text);
                    };
            default -> throw new InvalidValueException("Invalid type for casting: " + value.str());
        };
    }

    /** {@code off}, {@code v1}, {@code v2} or {@code auto}, with the older truth values. */
    public static Optional<Object> proxyProtocol(RawValue value, Surroundings around) {
        return switch (value) {
            case None() -> Optional.of("off");
            case Bool(boolean flag) -> Optional.of(flag ? "auto" : "off");
            case Text(String text) ->
                    switch (text.strip().toLowerCase(Locale.ROOT)) {
                        case "off", "false", "0", "none" -> Optional.of("off");
                        case "auto", "true", "1" -> Optional.of("auto");
                        case "v1" -> Optional.of("v1");
                        case "v2" -> Optional.of("v2");
                        default ->
                                throw new InvalidValueException(
                                        "proxy_protocol must be: off, v1, v2, or auto");
                    };
            default -> throw new InvalidValueException("proxy_protocol must be string or bool");
        };
    }

    /** {@code off}, {@code prior-knowledge}, {@code upgrade} or {@code both}, or a truth value. */
    public static Optional<Object> cleartextHttp2(RawValue value, Surroundings around) {
        return switch (value) {
            case Bool(boolean flag) -> Optional.of(flag ? "prior-knowledge" : "off");
            default -> CLEARTEXT_HTTP2.accept(value, around);
        };
    }

    /** {@code auto}, {@code fast} or {@code python}. */
    public static Optional<Object> httpParser(RawValue value, Surroundings around) {
        if (!(value instanceof None) && !(value instanceof Text)) {
            throw new InvalidValueException("http_parser must be a string");
        }
        return HTTP_PARSER.accept(value, around);
    }

    /** HTTP versions separated by commas, without repeats. */
    public static Optional<Object> httpProtocols(RawValue value, Surroundings around) {
        if (!(value instanceof None) && !(value instanceof Text)) {
            throw new InvalidValueException("http_protocols must be a string");
        }
        List<String> items =
                Validators.splitOnCommas(value).stream()
                        .map(item -> item.toLowerCase(Locale.ROOT))
                        .filter(item -> !item.isEmpty())
                        .toList();
        for (String item : items) {
            if (!HTTP_VERSIONS.contains(item)) {
                throw new InvalidValueException(
                        "Invalid protocol '" + item + "'. Valid protocols: h1, h2");
            }
        }
        if (new HashSet<>(items).size() < items.size()) {
            throw new InvalidValueException("Duplicate protocols specified");
        }
        return Optional.of(items.isEmpty() ? List.of("h1") : items);
    }

    /** 16384 to 16777215 (RFC 9113 section 6.5.2). */
    public static Optional<Object> http2FrameSize(RawValue value, Surroundings around) {
        long number = Validators.integer(value);
        if (number < SMALLEST_FRAME || number > LARGEST_FRAME) {
            throw new InvalidValueException(
                    "http2_max_frame_size must be between %d and %d, got %d"
                            .formatted(SMALLEST_FRAME, LARGEST_FRAME, number));
        }
        return Optional.of(number);
    }

    /** {@code HOST[:PORT]}, with port 8125 if there is none, or {@code unix://PATH}. */
    public static Optional<Object> statsdAddress(RawValue value, Surroundings around) {
        Optional<String> text = Validators.string(value);
        if (text.isEmpty() || text.get().startsWith("unix://")) {
            return text.map(path -> path);
        }
        int colon = text.get().indexOf(':');
        if (colon < 0) {
            return Optional.of(text.get() + ":8125");
        }
        String port = text.get().substring(colon + 1);
        if (PyInt.decimal(port).isEmpty()) {
            throw new InvalidValueException("Value must be one of ('host:port', 'unix://PATH')");
        }
        return Optional.of(text.get());
    }

    /** A prefix that ends in one dot, unless it is shorter than two characters. */
    public static Optional<Object> statsdPrefix(RawValue value, Surroundings around) {
        return Validators.string(value)
                .map(text -> text.length() > 1 && !text.endsWith(".") ? text + "." : text);
    }

    /** Anything: kept only so that it can be shown. */
    public static Optional<Object> anything(RawValue value, Surroundings around) {
        return switch (value) {
            case None() -> Optional.empty();
            case Int(long number) -> Optional.of(number);
            case Bool(boolean flag) -> Optional.of(flag);
            default -> Optional.of(value.str());
        };
    }
}
