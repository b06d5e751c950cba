package io.jgunicorn.http;

import java.time.Clock;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A compiled {@code access_log_format}. Used by one thread, the access log's.
 *
 * <p>An atom is {@code %(name)s}, or {@code %(name)d} and the like with Python's flags, width and
 * precision; {@code %%} is a percent sign; an unknown name gives {@code -}; anything else stays as
 * it is. Double quotes in values are written {@code \"}, and control characters, which would let a
 * client forge lines, as {@code \xHH} (gunicorn leaves those).
 */
final class AccessLogFormat implements AccessLineFormat {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("'['dd/MMM/yyyy:HH:mm:ss xx']'", Locale.ENGLISH);
    private static final String PID = "<" + ProcessHandle.current().pid() + ">";

    @FunctionalInterface
    private interface Part {
        void append(AccessEntry entry, StringBuilder out);
    }

    /** What follows the percent sign of an atom. */
    private static final Pattern ATOM =
            Pattern.compile(
                    "\\((?<name>[^)]*)\\)(?<flags>[-+ #0]*)(?<width>\\d{0,3})(?:\\.(?<precision>\\d{0,3}))?"
                            + "[hlL]?(?<kind>[sdiu])");

    private final Clock clock;
    private final EnvironKeys environKeys;
    private final List<Part> parts = new ArrayList<>();
    private final List<String> environNames = new ArrayList<>();
    private final SecondText seconds;

    private AccessLogFormat(Clock clock, EnvironKeys environKeys) {
        this.clock = clock;
        this.environKeys = environKeys;
        this.seconds = new SecondText(TIME, clock.getZone());
    }

    static AccessLogFormat compile(String format, Clock clock, EnvironKeys environKeys) {
        AccessLogFormat compiled = new AccessLogFormat(clock, environKeys);
        Matcher atom = ATOM.matcher(format);
        int position = 0;
        while (position < format.length()) {
            int percent = format.indexOf('%', position);
            if (percent < 0) {
                percent = format.length();
            }
            compiled.literal(format.substring(position, percent));
            if (atom.region(Math.min(percent + 1, format.length()), format.length()).lookingAt()) {
                compiled.parts.add(padded(compiled.atom(atom.group("name")), atom));
                position = atom.end();
            } else if (percent < format.length()) {
                compiled.literal("%");
                position = percent + (format.startsWith("%%", percent) ? 2 : 1);
            } else {
                position = percent;
            }
        }
        return compiled;
    }

    /** As Python's {@code %} operator does it for texts and for numbers that are not negative. */
    private static Part padded(Part plain, Matcher atom) {
        boolean number = !atom.group("kind").equals("s");
        String flags = atom.group("flags");
        int width = atom.group("width").isEmpty() ? 0 : Integer.parseInt(atom.group("width"));
        String digits = atom.group("precision");
        int precision = digits == null ? -1 : digits.isEmpty() ? 0 : Integer.parseInt(digits);
        if (width == 0 && precision < 0 && !number) {
            return plain;
        }
        String sign = !number ? "" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
        boolean left = flags.contains("-");
        boolean zeros = number && !left && flags.contains("0");
        return (entry, out) -> {
            int start = out.length();
            plain.append(entry, out);
            int length = out.length() - start;
            if (number) {
                out.insert(start, "0".repeat(Math.max(0, precision - length)));
            } else if (precision >= 0 && length > precision) {
                out.setLength(start + precision);
            }
            if (zeros) {
                int missing = width - sign.length() - (out.length() - start);
                out.insert(start, "0".repeat(Math.max(0, missing)));
            }
            out.insert(start, sign);
            String blanks = " ".repeat(Math.max(0, width - (out.length() - start)));
            out.insert(left ? out.length() : start, blanks);
        };
    }

    List<String> environNames() {
        return environNames.stream().distinct().toList();
    }

    @Override
    public void append(AccessEntry entry, StringBuilder out) {
        for (Part part : parts) {
            part.append(entry, out);
        }
        out.append('\n');
    }

    private void literal(String text) {
        if (!text.isEmpty()) {
            parts.add((_, out) -> out.append(text));
        }
    }

    private Part atom(String name) {
        if (name.startsWith("{") && name.length() > 3 && name.charAt(name.length() - 2) == '}') {
            return lookup(
                    name.substring(1, name.length() - 2).toLowerCase(Locale.ROOT),
                    name.charAt(name.length() - 1));
        }
        return switch (name) {
            case "h" -> (e, out) -> escape(e.request().client(), out);
            case "u" -> (e, out) -> escape(user(e.request()), out);
            case "t" -> (_, out) -> out.append(seconds.at(clock.millis()));
            case "r" -> AccessLogFormat::requestLine;
            case "m" -> (e, out) -> escape(e.request().method(), out);
            case "U" -> (e, out) -> escape(environKeys.pathInfo(e.request()), out);
            case "q" -> (e, out) -> escape(e.request().query(), out);
            case "H" -> (e, out) -> escape(e.request().protocol(), out);
            case "s" -> (e, out) -> escape(e.status(), out);
            case "B", "b" -> (e, out) -> out.append(e.bytes());
            case "f" -> (e, out) -> escape(joined(e.request(), "REFERER"), out);
            case "a" -> (e, out) -> escape(joined(e.request(), "USER-AGENT"), out);
            case "T" -> (e, out) -> out.append(e.nanos() / 1_000_000_000L);
            case "M" -> (e, out) -> out.append(e.nanos() / 1_000_000L);
            case "D" -> (e, out) -> out.append(e.nanos() / 1_000L);
            case "L" -> AccessLogFormat::decimalSeconds;
            case "p" -> (_, out) -> out.append(PID);
            default -> (_, out) -> out.append('-');
        };
    }

    private Part lookup(String name, char kind) {
        return switch (kind) {
            case 'i' -> {
                String upper = name.toUpperCase(Locale.ROOT);
                yield (e, out) -> escape(field(e.request(), upper), out);
            }
            case 'o' -> (e, out) -> escape(field(e.response(), name), out);
            case 'e' -> environ(name);
            default -> (_, out) -> out.append('-');
        };
    }

    /** The application's values; those of a request it has not seen follow from the request. */
    private Part environ(String name) {
        environNames.add(name);
        Function<RequestHead, String> unseen = environKeys.named(name).orElse(_ -> "-");
        return (e, out) -> {
            String told = e.environ().get(name);
            escape(told == null ? unseen.apply(e.request()) : told, out);
        };
    }

    private static void requestLine(AccessEntry entry, StringBuilder out) {
        escape(entry.request().method(), out);
        out.append(' ');
        escape(entry.request().target(), out);
        out.append(' ');
        escape(entry.request().protocol(), out); // what a refused client has sent there
    }

    private static void decimalSeconds(AccessEntry entry, StringBuilder out) {
        long micros = entry.nanos() / 1_000L;
        String fraction = Long.toString(micros % 1_000_000L);
        out.append(micros / 1_000_000L).append('.');
        out.append("0".repeat(6 - fraction.length())).append(fraction);
    }

    /** The last of several fields, as in gunicorn's {@code %({name}i)s}. */
    private static String field(RequestHead head, String upperName) {
        for (RequestHead.Header header : head.headers().reversed()) {
            if (header.name().equals(upperName)) {
                return header.value();
            }
        }
        return "-";
    }

    private static String field(ResponseHeaders headers, String name) {
        String value = "-";
        for (ResponseHeaders.Field header : headers.fields()) {
            if (header.name().equalsIgnoreCase(name)) {
                value = header.value();
            }
        }
        return value;
    }

    /** All fields of this name together, as in the environ. */
    static String joined(RequestHead head, String upperName) {
        String value = null;
        for (RequestHead.Header header : head.headers()) {
            if (header.name().equals(upperName)) {
                value = value == null ? header.value() : value + "," + header.value();
            }
        }
        return value == null ? "-" : value;
    }

    private static String user(RequestHead head) {
        String value = joined(head, "AUTHORIZATION");
        int space = value.indexOf(' ');
        if (space < 0 || !value.regionMatches(true, 0, "Basic", 0, 5)) {
            return "-";
        }
        return BasicUser.of(value.substring(space + 1)).orElse("-");
    }

    private static void escape(String text, StringBuilder out) {
        if (isPlain(text)) {
            out.append(text); // at once, which most are
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                out.append("\\\"");
            } else if (isControl(c)) {
                out.append("\\x").append(Character.forDigit(c >> 4, 16));
                out.append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || isControl(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isControl(char c) {
        return c < 0x20 || c == 0x7f;
    }
}
