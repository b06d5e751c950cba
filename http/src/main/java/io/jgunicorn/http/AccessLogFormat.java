package io.jgunicorn.http;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * A compiled {@code access_log_format}. Used by one thread, the access log's.
 *
 * <p>An atom is {@code %(name)s}; {@code %%} is a percent sign; an unknown name gives {@code -};
 * anything else stays as it is. Double quotes in values are written {@code \"}, and control
 * characters, which would let a client forge lines, as {@code \xHH} (gunicorn leaves those).
 */
final class AccessLogFormat {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("'['dd/MMM/yyyy:HH:mm:ss xx']'", Locale.ENGLISH);
    private static final String PID = "<" + ProcessHandle.current().pid() + ">";

    @FunctionalInterface
    private interface Part {
        void append(AccessEntry entry, StringBuilder out);
    }

    private final Clock clock;
    private final List<Part> parts = new ArrayList<>();
    private final List<String> environNames = new ArrayList<>();
    private long timeSecond = Long.MIN_VALUE;
    private String timeText = "";

    private AccessLogFormat(Clock clock) {
        this.clock = clock;
    }

    static AccessLogFormat compile(String format, Clock clock) {
        AccessLogFormat compiled = new AccessLogFormat(clock);
        int position = 0;
        while (position < format.length()) {
            int percent = format.indexOf('%', position);
            if (percent < 0) {
                percent = format.length();
            }
            compiled.literal(format.substring(position, percent));
            int close = format.startsWith("%(", percent) ? format.indexOf(")s", percent) : -1;
            if (close > 0) {
                compiled.parts.add(compiled.atom(format.substring(percent + 2, close)));
                position = close + 2;
            } else if (percent < format.length()) {
                compiled.literal("%");
                position = percent + (format.startsWith("%%", percent) ? 2 : 1);
            } else {
                position = percent;
            }
        }
        return compiled;
    }

    List<String> environNames() {
        return List.copyOf(environNames);
    }

    /** Appends one line with its LF. */
    void append(AccessEntry entry, StringBuilder out) {
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
            case "t" -> (_, out) -> out.append(time());
            case "r" -> AccessLogFormat::requestLine;
            case "m" -> (e, out) -> escape(e.request().method(), out);
            case "U" -> (e, out) -> escape(Octets.percentDecoded(e.request().path()), out);
            case "q" -> (e, out) -> escape(e.request().query(), out);
            case "H" -> (e, out) -> out.append(e.request().protocol());
            case "s" -> (e, out) -> escape(e.status(), out);
            case "B", "b" -> (e, out) -> out.append(e.bytes());
            case "f" -> (e, out) -> escape(field(e.request(), "REFERER"), out);
            case "a" -> (e, out) -> escape(field(e.request(), "USER-AGENT"), out);
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

    private Part environ(String name) {
        Optional<Function<RequestHead, String>> known = EnvironKeys.named(name);
        if (known.isPresent()) {
            return (e, out) -> escape(known.get().apply(e.request()), out);
        }
        environNames.add(name);
        return (e, out) -> escape(e.environ().getOrDefault(name, "-"), out);
    }

    private static void requestLine(AccessEntry entry, StringBuilder out) {
        escape(entry.request().method(), out);
        out.append(' ');
        escape(entry.request().target(), out);
        out.append(' ').append(entry.request().protocol());
    }

    private static void decimalSeconds(AccessEntry entry, StringBuilder out) {
        long micros = entry.nanos() / 1_000L;
        String fraction = Long.toString(micros % 1_000_000L);
        out.append(micros / 1_000_000L).append('.');
        out.append("0".repeat(6 - fraction.length())).append(fraction);
    }

    private static String field(RequestHead head, String upperName) {
        for (RequestHead.Header header : head.headers()) {
            if (header.name().equals(upperName)) {
                return header.value();
            }
        }
        return "-";
    }

    private static String field(ResponseHeaders headers, String name) {
        for (ResponseHeaders.Field header : headers.fields()) {
            if (header.name().equalsIgnoreCase(name)) {
                return header.value();
            }
        }
        return "-";
    }

    private static String user(RequestHead head) {
        String value = field(head, "AUTHORIZATION");
        if (value.length() <= 6 || !value.regionMatches(true, 0, "Basic ", 0, 6)) {
            return "-";
        }
        try {
            byte[] pair = Base64.getDecoder().decode(value.substring(6).strip());
            String text = new String(pair, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon <= 0 ? "-" : text.substring(0, colon);
        } catch (IllegalArgumentException _) {
            return "-";
        }
    }

    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                out.append("\\\"");
            } else if (c < 0x20 || c == 0x7f) {
                out.append("\\x").append(Character.forDigit(c >> 4, 16));
                out.append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
    }

    private String time() {
        long second = Math.floorDiv(clock.millis(), 1000L);
        if (second != timeSecond) {
            timeText = TIME.format(Instant.ofEpochSecond(second).atZone(clock.getZone()));
            timeSecond = second;
        }
        return timeText;
    }
}
