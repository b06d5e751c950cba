package io.jgunicorn.http;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A line of the access log as one JSON object (RFC 8259). Whatever a client sends, a line holds
 * ASCII only and no control characters, so that none can be forged. Used by one thread, the access
 * log's.
 */
final class JsonLine implements AccessLineFormat {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.", Locale.ROOT);

    private final Clock clock;
    private final long pid = ProcessHandle.current().pid();
    private final SecondText seconds = new SecondText(TIME, ZoneOffset.UTC);

    JsonLine(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void append(AccessEntry entry, StringBuilder out) {
        RequestHead request = entry.request();
        AccessEntry.Circumstances circumstances = entry.circumstances();
        out.append("{\"time\":\"");
        time(clock.millis(), out);
        out.append('"');
        text("request_id", circumstances.requestId(), out);
        text("client", request.client(), out);
        text("peer", circumstances.peer(), out);
        text("method", request.method(), out);
        text("target", request.target(), out);
        text("protocol", request.protocol(), out);
        status(entry.status(), out);
        number("bytes_in", circumstances.bytesIn(), out);
        number("bytes_out", entry.bytes(), out);
        number("duration_us", entry.nanos() / 1000, out);
        if (circumstances.queueNanos() >= 0) {
            number("queue_us", circumstances.queueNanos() / 1000, out);
        } else {
            out.append(",\"queue_us\":null");
        }
        number("worker", pid, out);
        field("host", "HOST", request, out);
        field("referer", "REFERER", request, out);
        field("user_agent", "USER-AGENT", request, out);
        text("outcome", circumstances.outcome().lowerName(), out);
        out.append("}\n");
    }

    private void time(long millis, StringBuilder out) {
        int fraction = Math.floorMod(millis, 1000);
        out.append(seconds.at(millis));
        out.append(fraction < 10 ? "00" : fraction < 100 ? "0" : "").append(fraction).append('Z');
    }

    /** A number, unless the application has given another text for one. */
    private static void status(String status, StringBuilder out) {
        int code = StatusLine.code(status);
        if (code > 0) {
            number("status", code, out);
        } else {
            text("status", status, out);
        }
    }

    private static void number(String name, long value, StringBuilder out) {
        out.append(",\"").append(name).append("\":").append(value);
    }

    private static void field(String name, String header, RequestHead request, StringBuilder out) {
        if (request.firstValue(header).isPresent()) {
            text(name, AccessLogFormat.joined(request, header), out);
        } else {
            out.append(",\"").append(name).append("\":null");
        }
    }

    private static void text(String name, String value, StringBuilder out) {
        out.append(",\"").append(name).append("\":\"");
        escape(value, out);
        out.append('"');
    }

    /**
     * RFC 8259 section 7. Bytes above 127 appear as the characters of ISO 8859-1 that they are held
     * as.
     */
    static void escape(String text, StringBuilder out) {
        if (isPlain(text)) {
            out.append(text); // at once, which most are
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (isPrintable(c)) {
                out.append(c);
            } else {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(Character.forDigit(c >> shift & 15, 16));
                }
            }
        }
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || !isPrintable(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrintable(char c) {
        return c >= 0x20 && c < 0x7f;
    }
}
